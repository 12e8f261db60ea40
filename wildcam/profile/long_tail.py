"""How unevenly images are spread over classes."""

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from wildcam.choice import Choice

HEAD_ABOVE, TAIL_BELOW = 100, 20
"""Images of a many-shot and of a few-shot class, as in Liu et al. 2019, Large-Scale Long-Tailed Recognition."""

THRESHOLDS = (1, 5, 10, 20, 50, 100, 1000)


class Band(Choice):
    """The part of the distribution that a class is in."""

    HEAD = "head", "Head"
    MIDDLE = "middle", "Middle"
    TAIL = "tail", "Tail"


class LongTail(BaseModel):
    """Figures over the classes that occur; shares are 0–1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: int = Field(description="Classes that occur.")
    images: int = Field(description="Photos of these classes.")
    gini: float = Field(
        description="Inequality of the class sizes: 0 if all are equal, close to 1 if one has nearly all."
    )
    effective_classes: float = Field(description="Number of equally large classes with the same entropy: exp(entropy).")
    largest_over_smallest: float = Field(description="Photos of the largest class per photo of the smallest.")
    quartiles: tuple[float, float, float] = Field(description="Quartiles of the class sizes.")
    at_most: dict[int, int] = Field(description="Classes with at most this many photos.")
    above_1000: int = Field(description="Classes with more than 1,000 photos.")
    head_above: int = Field(description="A class with more photos than this counts as head.")
    tail_below: int = Field(description="A class with fewer photos than this counts as tail.")
    head: int = Field(description="Classes of the head.")
    middle: int = Field(description="Classes between head and tail.")
    tail: int = Field(description="Classes of the tail.")
    top_10_share: float = Field(description="Share of photos in the ten largest classes.")
    top_20_share: float = Field(description="Share of photos in the twenty largest classes.")
    rarer_half_share: float = Field(description="Share of photos in the rarer half of the classes.")


def long_tail(images: pd.Series, *, head_above: int = HEAD_ABOVE, tail_below: int = TAIL_BELOW) -> LongTail | None:
    """The figures for the images of each class; classes with none do not count. None if no class occurs."""
    sizes = np.sort(images.to_numpy(dtype=np.int64))
    sizes = sizes[sizes > 0]
    if not len(sizes):
        return None
    bands = band(pd.Series(sizes), head_above=head_above, tail_below=tail_below).value_counts()
    shares = sizes / sizes.sum()
    low, median, high = np.quantile(sizes, (0.25, 0.5, 0.75)).tolist()
    rank = np.arange(1, len(sizes) + 1)
    return LongTail(
        classes=len(sizes),
        images=int(sizes.sum()),
        gini=float((2 * rank - len(sizes) - 1) @ shares / len(sizes)),
        effective_classes=float(np.exp(-(shares * np.log(shares)).sum())),
        largest_over_smallest=float(sizes[-1] / sizes[0]),
        quartiles=(low, median, high),
        at_most={threshold: int((sizes <= threshold).sum()) for threshold in THRESHOLDS},
        above_1000=int((sizes > 1000).sum()),
        head_above=head_above,
        tail_below=tail_below,
        head=int(bands[Band.HEAD]),
        middle=int(bands[Band.MIDDLE]),
        tail=int(bands[Band.TAIL]),
        top_10_share=float(shares[-10:].sum()),
        top_20_share=float(shares[-20:].sum()),
        rarer_half_share=float(shares[: len(shares) // 2].sum()),
    )


def band(images: pd.Series, *, head_above: int = HEAD_ABOVE, tail_below: int = TAIL_BELOW) -> pd.Series:
    """The `Band` of every class, categorical, from its number of images."""
    codes = np.select([images > head_above, images >= tail_below], [0, 1], default=2)
    return pd.Series(pd.Categorical.from_codes(codes, categories=list(map(str, Band))), index=images.index)
