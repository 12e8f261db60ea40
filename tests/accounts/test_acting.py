"""Every act by every role, asked of the functions that do it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.planted_people import write_answers
from wildcam.accounts.acting import Actor, actor, acts_for, owner, permit
from wildcam.accounts.audit import AUDIT_FILE, read_audit, write_audit
from wildcam.accounts.roles import LEAST_ROLE, Act, Role
from wildcam.architectures.presets import Task
from wildcam.data.catalog import (
    Dataset,
    build_index,
    delete_dataset,
    rename_dataset,
    save_dataset,
    update_clock,
    update_deployments,
    update_labels,
    update_names,
)
from wildcam.data.labels import LabelPolicy
from wildcam.data.reviews import Reviews
from wildcam.data.species_names import SpeciesNames
from wildcam.errors import PermissionDenied
from wildcam.exports.formats import Format, export
from wildcam.exports.options import ExportOptions, PeopleInPhotos
from wildcam.predictions.parts import read_predictions
from wildcam.runs.lock import Lock
from wildcam.runs.run import Run
from wildcam.runs.states import Kind
from wildcam.runs.store import RunStore
from wildcam.serving.bundle import promote, set_default
from wildcam.serving.manage_models import delete_model, rename_model
from wildcam.settings import Settings
from wildcam.upkeep.clean import clean
from wildcam.upkeep.delete_people import delete_people

Ask = Callable[[], object]


class Nothing(BaseModel):
    """What a run of these tests is about."""


class Home:
    """A home that makes something new to ask about each time."""

    def __init__(self, settings: Settings, write_model: Callable[..., object]) -> None:
        self.settings = settings
        self.store = RunStore(settings)
        self.models = [settings.own_models_dir]
        self._write_model = write_model
        self._numbers = count()
        self.locks = ExitStack()

    def name(self) -> str:
        return f"thing{next(self._numbers)}"

    def dataset(self, name: str) -> Dataset:
        index = build_index({"image_id": ["a"], "path": ["a.jpg"], "label": ["fox"]})
        folder, root = self.settings.datasets_dir, self.settings.home
        policy = LabelPolicy()
        return save_dataset(folder, index, name=name, source="", root=root, format="csv", labels=policy, replace=True)

    def model(self) -> str:
        name = self.name()
        self._write_model(name, Task.EMPTY)
        return name

    def run(self, kind: Kind = Kind.TRAIN) -> Run:
        """One whose worker is gone."""
        run = self.store.create(kind, self.name(), Nothing())
        self.store.enqueue(run.id)
        return run

    def live_run(self) -> Run:
        run = self.run()
        self.locks.enter_context(Lock.acquire(run.lock_path))
        return run

    def bundle(self) -> Path:
        run = self.run()
        shutil.copytree(self.models[0] / self.model(), run.folder / "bundle")
        return run.folder / "bundle"


@pytest.fixture
def home(
    tmp_path: Path, empty_database: Path, write_model: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    shutil.copytree(empty_database, tmp_path, dirs_exist_ok=True)
    home = Home(Settings(home=tmp_path, models=tmp_path / "models"), write_model)
    with home.locks:
        yield home


def see_people(home: Home) -> list[Ask]:
    metadata = write_answers(home.settings.runs_dir / home.name(), home.settings.home, a="human")
    table = read_predictions(home.settings.runs_dir / metadata.run_id)
    options = ExportOptions(people=PeopleInPhotos.KEEP)
    return [lambda: export(Format.FOLDERS, table, metadata, home.settings.home / home.name(), options)]


def correct(home: Home) -> list[Ask]:
    dataset = home.dataset(home.name())
    corrections = Reviews(home.settings.home)
    return [
        lambda: update_labels(dataset, LabelPolicy(other=("fox",))),
        lambda: update_clock(dataset, ()),
        lambda: update_names(dataset, SpeciesNames()),
        lambda: update_deployments(dataset, b"location"),
        lambda: corrections.add(b"x", name="x", predicted="a", label="b", models="m"),
    ]


def start_batch(home: Home) -> list[Ask]:
    return [lambda: home.run(Kind.PREDICT), lambda: home.run(Kind.CHECK)]


def start_training(home: Home) -> list[Ask]:
    return [lambda: home.run(Kind.TRAIN), lambda: home.run(Kind.LR_FINDER)]


def stop_run(home: Home) -> list[Ask]:
    run = home.live_run()
    return [lambda: home.store.move(run.id, 1), lambda: home.store.request_stop(run.id)]


def note_run(home: Home) -> list[Ask]:
    run = home.run()
    home.store.set_user_tag(run.id, "old")
    return [
        lambda: home.store.rename(run.id, "another"),
        lambda: home.store.set_note(run.id, "note"),
        lambda: home.store.set_user_tag(run.id, "tag"),
        lambda: home.store.remove_user_tag(run.id, "old"),
    ]


def promote_model(home: Home) -> list[Ask]:
    bundle, name, other = home.bundle(), home.model(), home.model()
    return [
        lambda: promote(bundle, home.models, home.name()),
        lambda: set_default(home.models, name),
        lambda: rename_model(home.models, other, home.name()),
    ]


def add_dataset(home: Home) -> list[Ask]:
    dataset = home.dataset(home.name())
    return [
        lambda: home.dataset(home.name()),
        lambda: rename_dataset(home.settings.datasets_dir, dataset.name, home.name()),
    ]


def delete_run(home: Home) -> list[Ask]:
    run = home.run()
    return [lambda: home.store.delete(run.id)]


def delete_a_model(home: Home) -> list[Ask]:
    name = home.model()
    return [lambda: delete_model(home.models, name)]


def delete_a_dataset(home: Home) -> list[Ask]:
    replaced, deleted = home.dataset(home.name()), home.dataset(home.name())
    return [lambda: home.dataset(replaced.name), lambda: delete_dataset(home.settings.datasets_dir, deleted.name)]


def free_disk(home: Home) -> list[Ask]:
    return [lambda: clean(home.settings, 30)]


def delete_photos_of_people(home: Home) -> list[Ask]:
    dataset = home.dataset(home.name())
    return [lambda: delete_people(home.store, dataset.name, ["a"])]


ASKED: dict[Act, Callable[[Home], list[Ask]]] = {
    Act.SEE_PEOPLE: see_people,
    Act.CORRECT: correct,
    Act.START_BATCH: start_batch,
    Act.START_TRAINING: start_training,
    Act.STOP_RUN: stop_run,
    Act.NOTE_RUN: note_run,
    Act.PROMOTE: promote_model,
    Act.ADD_DATASET: add_dataset,
    Act.DELETE_RUN: delete_run,
    Act.DELETE_MODEL: delete_a_model,
    Act.DELETE_DATASET: delete_a_dataset,
    Act.FREE_DISK: free_disk,
    Act.DELETE_PEOPLE: delete_photos_of_people,
}


@pytest.mark.parametrize("act", ASKED)
def test_an_act_is_done_by_the_roles_that_may_and_refused_to_all_others(home: Home, act: Act) -> None:
    for role in (None, *Role):
        acts_for()
        asks = ASKED[act](home)  # made by somebody else
        acts_for(lambda role=role: Actor("somebody else", role) if role else None)
        for ask in asks:
            if role and role.includes(LEAST_ROLE[act]):
                ask()
            else:
                with pytest.raises(PermissionDenied):
                    ask()


def test_every_act_has_a_least_role_and_a_row_of_this_table() -> None:
    assert set(LEAST_ROLE) == set(Act)
    assert set(ASKED) == set(Act) - {Act.NAME_SERVER_PATH}  # which limits what is found, in tests/security


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.TRAINER])
def test_what_somebody_made_that_one_may_stop_and_delete_and_others_may_not(home: Home, role: Role) -> None:
    acts_for(lambda: Actor("ada", Role.TRAINER))
    run, dataset = home.run(Kind.PREDICT), home.dataset("of-ada")
    assert (run.made_by, dataset.info.added_by) == ("ada", "ada")
    acts_for(lambda: Actor("bob", role))
    for ask in (lambda: home.store.delete(run.id), lambda: delete_dataset(home.settings.datasets_dir, "of-ada")):
        with pytest.raises(PermissionDenied):
            ask()
    acts_for(lambda: Actor("ada", role))
    home.store.delete(run.id)
    delete_dataset(home.settings.datasets_dir, "of-ada")


def test_without_a_login_the_owner_acts_and_may_do_everything() -> None:
    assert actor() == owner()
    for act in Act:
        permit(act)


def test_a_refusal_says_who_asks_and_which_role_it_takes() -> None:
    acts_for(lambda: Actor("ada", Role.VIEWER))
    with pytest.raises(PermissionDenied, match=r"You may not promote, .*: ada is viewer, and it takes trainer\. Ask"):
        permit(Act.PROMOTE)
    acts_for(lambda: None)
    with pytest.raises(PermissionDenied, match="log in"):
        permit(Act.CORRECT)


def test_what_was_asked_is_in_the_log_allowed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WILDCAM_HOME", str(tmp_path))
    acts_for(lambda: Actor("ada", Role.TRAINER), write_audit)
    permit(Act.PROMOTE, "otters")
    with pytest.raises(PermissionDenied):
        permit(Act.DELETE_MODEL, "line one\nline two")
    with (tmp_path / AUDIT_FILE).open("a") as file:
        file.write('{"cut short')  # a full disk
    permit(Act.PROMOTE, "stoats")
    found = read_audit(tmp_path)[["user", "act", "what", "allowed"]].to_numpy().tolist()
    assert found == [
        ["ada", "promote", "stoats", True],
        ["ada", "delete_model", "line one\nline two", False],
        ["ada", "promote", "otters", True],
    ]
