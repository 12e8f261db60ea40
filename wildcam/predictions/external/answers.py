"""What another program says of photos, whatever its file looks like."""

from dataclasses import dataclass
from typing import Self

from wildcam.architectures.presets import Task
from wildcam.predictions.external.taxon_name import TaxonName

NOTHING, SOME_ANIMAL = TaxonName("empty"), TaxonName("animal")
"""A photo without a detection, and a detection that no classifier named."""


@dataclass(frozen=True)
class RankedName:
    """A class with its score."""

    name: TaxonName
    score: float  # 0–1


@dataclass(frozen=True)
class PhotoName:
    """What a file calls a photo."""

    path: str | None = None  # with `/`
    image_id: str | None = None  # where it has no path

    @classmethod
    def of(cls, path: object, image_id: object = None) -> Self:
        """As the file has them."""
        if path is not None:
            return cls(str(path).replace("\\", "/"))
        return cls(None, None if image_id is None else str(image_id))


@dataclass(frozen=True)
class ExternalAnswer:
    """Of one photo."""

    photo: PhotoName
    answer: RankedName | None = None  # None where it failed
    ranked: tuple[RankedName, ...] = ()  # of a classifier, most probable first
    p_empty: float | None = None  # 1 − the highest confidence of a detection; None where no detector ran
    failure: str = ""


@dataclass(frozen=True)
class ExternalResults:
    """A whole file."""

    program: str  # with its version
    task: Task
    answers: tuple[ExternalAnswer, ...]
    detection_threshold: float | None = None  # a detection below it counts as none; None where the program decided
