import pytest

from wildcam.runs.exit_record import RESERVED_BYTES, ExitRecord
from wildcam.runs.states import State


def test_an_ending_is_written_into_the_block_that_was_kept_for_it(tmp_path):
    path = tmp_path / "run" / "exit_record.json"
    assert ExitRecord.read(path) == ExitRecord()
    ExitRecord.reserve(path)
    assert ExitRecord.read(path) == ExitRecord()
    for ending in (ExitRecord("failed", "Why — ü"), ExitRecord(exit_code=-9), ExitRecord("stopped", "ü" * 500)):
        ending.write(path)
        assert ExitRecord.read(path) == ending
        assert path.stat().st_size == RESERVED_BYTES
    ExitRecord.reserve(path)
    assert ExitRecord.read(path) == ExitRecord()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (-9, "killed (signal 9), often by the kernel when memory runs out: choose a smaller batch"),
        (-11, "ended by signal 11 (SIGSEGV)"),
        (-99, "ended by signal 99 (unknown)"),
        (3, "exit code 3"),
        (0, "without an exit code"),
        (None, "without an exit code"),
    ],
)
def test_the_end_of_a_process_is_described_in_a_sentence(code, says):
    ending = ExitRecord(exit_code=code)
    assert ending.state is None
    assert says in ending.reason


def test_what_a_worker_said_counts(tmp_path):
    ending = ExitRecord("failed", "The disk is full.", exit_code=1)
    assert (ending.state, ending.reason) == (State.FAILED, "The disk is full.")
