"""Another program's answers as verdicts in the words of a data set."""

from collections import Counter
from collections.abc import Iterable

from wildcam.architectures.presets import Task
from wildcam.counting import counted
from wildcam.data.catalog import Dataset
from wildcam.data.importers.contract import Remarks
from wildcam.data.importers.detector_boxes import MOST_NAMED
from wildcam.data.label_words import Meaning, folded
from wildcam.predictions.external.answers import ExternalAnswer, RankedName
from wildcam.predictions.external.taxon_name import TaxonName
from wildcam.serving.card import ANIMAL, EMPTY
from wildcam.serving.two_stage import UNKNOWN, Ranked, Verdict, VerdictSource, ViewVote, failed

_NOT_NAMED = (Meaning.ANIMAL, Meaning.NOT_SEEN, Meaning.BROKEN)


class LabelMatcher:
    """Finds the label of a data set that a name of another program means, by its scientific or its common name."""

    def __init__(self, dataset: Dataset) -> None:
        own = {str(label): str(label) for label in dataset.index["label"].dropna().unique()}
        self._labels = {folded(written): label for written, label in (own | dataset.info.labels.merged).items()}
        self._unmatched = Counter[str]()

    def find(self, name: TaxonName) -> str | None:
        """The data set's label; None where there is none."""
        return self._labels.get(folded(name.scientific)) or self._labels.get(folded(name.common))

    def answer(self, name: TaxonName) -> str:
        """The label of an answer; one by a species that is no label of the data set keeps its name, and is counted."""
        label = self.find(name)
        if label is None and name.meaning is None:
            self._unmatched[name.common] += 1
        return label or name.common

    def note(self, remarks: Remarks) -> None:
        """Tell of names that are no label of the data set."""
        remarks.add(
            f"photo given {counted(len(self._unmatched), 'name that is', 'names that are')} no label of the data set: "
            "the name stays as it is, and cannot be right",
            self._unmatched.total(),
            ", ".join(name for name, _ in self._unmatched.most_common(MOST_NAMED)),
        )


def verdict_of(given: ExternalAnswer, task: Task, matcher: LabelMatcher) -> Verdict:
    """The verdict on a photo. A rank above the species is an animal that is not named, unless it is a label there."""
    if given.answer is None:
        return failed(given.failure)
    label, source = _label(given.answer.name, task, matcher)
    is_empty, p_empty = label == EMPTY, given.p_empty
    return Verdict(
        label=label,
        source=source,
        confidence=min(max(given.answer.score, 0.0), 1.0),
        agreement=1,
        views=(ViewVote(float(is_empty) if p_empty is None else p_empty, is_empty),),
        p_empty=p_empty,
        top=_top(given.ranked, matcher) if task is not Task.EMPTY else (),
    )


def _label(name: TaxonName, task: Task, matcher: LabelMatcher) -> tuple[str, VerdictSource]:
    if name.meaning is Meaning.EMPTY:
        return EMPTY, VerdictSource.STAGE_1
    if task is Task.EMPTY:
        return ANIMAL if name.meaning in (None, *_NOT_NAMED) else name.common, VerdictSource.STAGE_1
    if name.meaning in _NOT_NAMED and matcher.find(name) is None:
        return UNKNOWN, VerdictSource.ABSTENTION
    return matcher.answer(name), VerdictSource.STAGE_2


def _top(ranked: Iterable[RankedName], matcher: LabelMatcher) -> tuple[Ranked, ...]:
    """Without empty, which is no species; two classes that mean one label count once, with the higher score."""
    scores: dict[str, float] = {}
    for each in ranked:
        if each.name.meaning is not Meaning.EMPTY:
            scores.setdefault(matcher.find(each.name) or each.name.common, min(max(each.score, 0.0), 1.0))
    return tuple(Ranked(label, score) for label, score in scores.items())
