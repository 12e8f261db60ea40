"""The studies, in the order in which the experiments raise their questions.

The web page reads these and the results, nothing heavier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wildcam.errors import one_of
from wildcam.studies.result import StudySize


@dataclass(frozen=True)
class Study:
    """A question with its name and title."""

    name: str
    title: str
    question: str
    any_task: bool = False  # whether it can be run for stage 1, too


STUDIES: Mapping[str, Study] = MappingProxyType(
    {
        study.name: study
        for study in (
            Study(
                "loss_gap",
                "Training loss above validation loss",
                "Is training loss above validation loss because of augmentation and dropout?",
                any_task=True,
            ),
            Study(
                "tta",
                "Test-time augmentation",
                "Does test-time augmentation help, by vote or by mean, and what does it cost?",
                any_task=True,
            ),
            Study("two_stage", "Two stages or one", "Do two stages help against imbalance?"),
            Study(
                "pixels",
                "Input scaling of the frozen network",
                "Does the top-10 recipe collapse to 11.6 % when pixels are normalised first?",
            ),
            Study(
                "split",
                "Optimism of a random split",
                "How much higher is the score on a random split than on new locations?",
                any_task=True,
            ),
            Study(
                "imbalance",
                "Imbalance strategies",
                "Does an imbalance strategy raise macro-F1, and of which classes?",
            ),
            Study(
                "look_closer",
                "Closer look",
                "Does a closer look at the strongest evidence name more species right, and what does it cost?",
            ),
        )
    }
)


def find_study(name: str) -> Study:
    """The study of that name. Raises `UsageError` listing the known ones."""
    if name not in STUDIES:
        raise one_of("study", name, list(STUDIES))
    return STUDIES[name]


def command(name: str, size: StudySize) -> str:
    """A study as a command line."""
    usual = StudySize()
    flags = [
        f"--{field.replace('_', '-')} {value}"
        for field, value in size.model_dump(mode="json").items()
        if value != getattr(usual, field)
    ]
    return " ".join(["python -m wildcam study", name, *flags])
