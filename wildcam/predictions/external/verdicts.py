"""Another program's answers as verdicts in the words of a data set."""

from collections.abc import Iterable

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.data.importers.contract import Remarks
from wildcam.data.label_words import Meaning, folded
from wildcam.predictions.external.answers import ExternalAnswer, RankedName
from wildcam.predictions.external.taxon_name import TaxonName
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.two_stage import UNKNOWN, Ranked, Verdict, VerdictSource, ViewVote, failed

_NOT_NAMED = (Meaning.ANIMAL, Meaning.NOT_SEEN, Meaning.BROKEN)


class LabelMatcher:
    """Finds the label of a data set that a name of another program means, by its scientific or its common name."""

    def __init__(self, dataset: Dataset) -> None:
        merged = dataset.info.labels.merged
        own = {str(label): str(label) for label in dataset.index["label"].dropna().unique()}
        self._labels = {folded(written): label for written, label in (own | merged).items()}
        self._unmatched: dict[str, int] = {}

    def label_of(self, name: TaxonName) -> str:
        """The data set's label; the common name where there is none."""
        for written in (name.scientific, name.common):
            if written and folded(written) in self._labels:
                return self._labels[folded(written)]
        return name.common

    def has(self, name: TaxonName) -> bool:
        """Whether the data set has a label of that name."""
        return any(folded(written) in self._labels for written in (name.scientific, name.common) if written)

    def count_unmatched(self, name: TaxonName) -> None:
        """Count an answer by a species that is no label of the data set."""
        self._unmatched[name.common] = self._unmatched.get(name.common, 0) + 1

    def note(self, remarks: Remarks) -> None:
        """Tell of names that are no label of the data set."""
        names = list(self._unmatched)
        remarks.add(
            f"photo given {counted(len(names), 'name that is', 'names that are')} no label of the data set: the name "
            "stays as it is, and cannot be right",
            sum(self._unmatched.values()),
            ", ".join(names[:5]),
        )


def verdict_of(given: ExternalAnswer, task: Task, matcher: LabelMatcher) -> Verdict:
    """The verdict on a photo. A rank above the species is an animal that is not named, unless it is a label there."""
    if given.answer is None:
        return failed(given.failure)
    label, source = _label(given.answer, task, matcher)
    is_empty = label == EMPTY
    if source is VerdictSource.STAGE_2 and given.answer.name.meaning is None and not matcher.has(given.answer.name):
        matcher.count_unmatched(given.answer.name)
    p_empty = given.p_empty
    return Verdict(
        label=label,
        source=source,
        confidence=min(max(given.answer.score, 0.0), 1.0),
        agreement=1,
        views=(ViewVote(float(is_empty) if p_empty is None else p_empty, is_empty),),
        p_empty=p_empty,
        top=_top(given.ranked, matcher) if task is not Task.EMPTY else (),
    )


def _label(answer: RankedName, task: Task, matcher: LabelMatcher) -> tuple[str, VerdictSource]:
    meaning = answer.name.meaning
    if meaning is Meaning.EMPTY:
        return EMPTY, VerdictSource.STAGE_1
    if task is Task.EMPTY:
        return ANIMAL if meaning in (None, *_NOT_NAMED) else answer.name.common, VerdictSource.STAGE_1
    if meaning in _NOT_NAMED and not matcher.has(answer.name):
        return UNKNOWN, VerdictSource.ABSTENTION
    return matcher.label_of(answer.name), VerdictSource.STAGE_2


def _top(ranked: Iterable[RankedName], matcher: LabelMatcher) -> tuple[Ranked, ...]:
    """Without empty, which is no species; two classes that mean one label count once, with the higher score."""
    scores: dict[str, float] = {}
    for each in ranked:
        if each.name.meaning is not Meaning.EMPTY:
            scores.setdefault(matcher.label_of(each.name), min(max(each.score, 0.0), 1.0))
    return tuple(Ranked(label, score) for label, score in scores.items())
