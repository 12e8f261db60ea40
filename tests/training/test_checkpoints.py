import numpy as np
import pytest

from wildcam.training.checkpoints import Checkpoints, EpochState
from wildcam.training.trainer import Outcome, StopRequested


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(tmp_path / "checkpoint", EpochState)


def state(epoch, *, finished=False):
    return EpochState(epoch=epoch, finished=finished, best_epoch=1, best_value=0.5)


def save(checkpoints, epoch, **changes):
    def write(folder):
        np.savez(folder / "model.npz", weights=np.full(1000, float(epoch)))

    return checkpoints.save(state(epoch, **changes), write)


def test_the_last_two_epochs_are_kept(checkpoints):
    saved = [save(checkpoints, epoch) for epoch in (1, 2, 3)]
    assert [checkpoint.folder.is_dir() for checkpoint in saved] == [False, True, True]
    assert checkpoints.latest() == saved[-1]


@pytest.mark.parametrize("harm", ["cut", "altered", "gone"])
def test_a_damaged_epoch_is_passed_over(checkpoints, harm):
    older, newer = save(checkpoints, 1), save(checkpoints, 2)
    path = newer.folder / "model.npz"
    content = path.read_bytes()
    if harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "altered":
        path.write_bytes(content[:500] + b"?" + content[501:])
    else:
        (newer.folder / "state.json").unlink()
    assert checkpoints.latest() == older


def test_an_epoch_that_cannot_be_written_whole_leaves_nothing(checkpoints, tmp_path):
    older = save(checkpoints, 1)

    def fill_the_disk(folder):
        (folder / "model.npz").write_bytes(b"half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        checkpoints.save(state(2), fill_the_disk)
    assert checkpoints.latest() == older
    assert list((tmp_path / "checkpoint").iterdir()) == [older.folder]


def test_training_goes_on_from_the_latest_epoch_until_it_is_finished(checkpoints):
    def stop_in_the_third_epoch(resumed):
        assert resumed is None
        save(checkpoints, 1)
        save(checkpoints, 2)
        raise StopRequested

    def finish(resumed):
        save(checkpoints, resumed.state.epoch + 1, finished=True)

    def never(resumed):
        raise AssertionError("trained again")

    assert checkpoints.train_on(stop_in_the_third_epoch) == Outcome(1, 2, 0.5, stopped=True)
    assert checkpoints.train_on(finish) == checkpoints.train_on(never) == Outcome(1, 3, 0.5, stopped=False)
