"""Which of many runs are wanted."""

from collections.abc import Iterable
from dataclasses import dataclass

from wildcam.runs.run import Run
from wildcam.runs.states import Kind, State


@dataclass(frozen=True)
class RunFilter:
    """What is empty leaves every run."""

    kinds: frozenset[Kind] = frozenset()
    states: frozenset[State] = frozenset()
    datasets: frozenset[str] = frozenset()
    made_by: str = ""  # a user's name; case does not count
    text: str = ""  # words that all occur in name, id, data set, preset, note or tags; case does not count

    def apply(self, runs: Iterable[Run]) -> list[Run]:
        """The runs that fit all of it, in their order."""
        return [run for run in runs if self._fits(run)]

    def _fits(self, run: Run) -> bool:
        return (
            (not self.kinds or run.kind in self.kinds)
            and (not self.states or run.state in self.states)
            and (not self.datasets or run.params.get("dataset", "") in self.datasets)
            and (not self.made_by or run.made_by.casefold() == self.made_by.casefold())
            and all(word in _text(run) for word in self.text.casefold().split())
        )


def _text(run: Run) -> str:
    tags = [f"{name}: {value}" for name, value in run.user_tags.items()]
    given = [run.params.get(field, "") for field in ("dataset", "preset")]
    return "\n".join([run.name, run.id, run.note, run.sweep, *given, *tags]).casefold()
