"""What is kept with a run: the facts that its worker found, and the name, note and tags that a user gives it."""

from wildcam.accounts.acting import permit
from wildcam.accounts.roles import Act
from wildcam.counting import counted
from wildcam.errors import UsageError, one_of
from wildcam.runs.fact_tags import write_facts
from wildcam.runs.facts import RunFacts
from wildcam.runs.reading import RunReader
from wildcam.runs.tags import NOTE_TAG, USER_PREFIX

_LONGEST_NAME = 200
_LONGEST_TEXT = 5_000  # of a note or a tag of a user: refused rather than cut


class RunNotes(RunReader):
    """Writes facts, names, notes and users' tags."""

    def write_facts(self, run_id: str, facts: RunFacts) -> None:
        """Keep the fields that were given, beside those that were written before."""
        self.tracking.log(run_id, tags=write_facts(facts, self.folder(run_id)))

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name. Raises `UsageError` for an empty or a very long one."""
        self._permit(run_id)
        self.tracking.update_run(run_id, name=_text("name", name, _LONGEST_NAME))

    def set_note(self, run_id: str, text: str) -> None:
        """Keep a text with the run, as MLflow's description; an empty one removes it. Raises `UsageError`."""
        if len(text) > _LONGEST_TEXT:
            raise UsageError(
                f"Received a note of {counted(len(text), 'character')}: expected at most {_LONGEST_TEXT:,}."
            )
        self._permit(run_id)
        self.tracking.log(run_id, tags={NOTE_TAG: text})

    def set_user_tag(self, run_id: str, name: str, value: str = "") -> None:
        """Label a run for finding it again: a name, and a value where one is wanted. Raises `UsageError`."""
        name = _text("tag", name, _LONGEST_NAME)
        if not all(sign.isalnum() or sign in "_-. /:" for sign in name):
            raise UsageError(f"Received the tag {name!r}: expected letters, digits, spaces and _ - . / : only.")
        if len(value) > _LONGEST_TEXT:
            raise UsageError(
                f"Received a value of {counted(len(value), 'character')}: expected at most {_LONGEST_TEXT:,}."
            )
        self._permit(run_id)
        self.tracking.log(run_id, tags={f"{USER_PREFIX}{name}": value})

    def remove_user_tag(self, run_id: str, name: str) -> None:
        """Take a tag off. Raises `UsageError` where the run has none of that name."""
        run = self.get(run_id)
        if name not in run.user_tags:
            raise one_of("tag", name, list(run.user_tags))
        self._permit(run.id)
        self.tracking.delete_tag(run.id, f"{USER_PREFIX}{name}")

    def _permit(self, run_id: str) -> None:
        run = self.get(run_id)
        permit(Act.NOTE_RUN, run.name, made_by=run.made_by)


def _text(what: str, received: str, longest: int) -> str:
    text = received.strip()
    if not 0 < len(text) <= longest:
        raise UsageError(f"Received a {what} of {counted(len(text), 'character')}: expected 1 to {longest}.")
    return text
