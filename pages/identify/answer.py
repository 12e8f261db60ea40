"""Identify: an image with what was answered."""

from dataclasses import dataclass
from datetime import datetime

from pages.identify.uploads import UploadedImage
from wildcam.serving.two_stage import Verdict


@dataclass(frozen=True)
class Answer:
    """An image with its verdict, and when it was taken, by its camera's clock."""

    image: UploadedImage
    verdict: Verdict
    taken_at: datetime | None
