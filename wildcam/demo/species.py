"""The species of the demo: drawing, size, number, habitat and activity of each."""

from collections.abc import Callable
from dataclasses import dataclass

from wildcam.demo import armoured, furred, hoofed, upright
from wildcam.demo.legs import Gait
from wildcam.demo.pen import Pen

DAY, NIGHT, ANY_HOUR = "day", "night", "any_hour"
EMPTY, EMPTY_ID = "empty", 0


@dataclass(frozen=True)
class Species:
    """One label that a figure is drawn for."""

    name: str
    category_id: int
    weight: float  # share of the train images with figures; 0 = test cameras only
    activity: str
    habitats: tuple[str, ...]
    draw: Callable[[Pen, Gait], None]
    bounds: tuple[float, float, float]  # left, right, top of the paper in the pen's units
    length: float  # units that `widths` is measured over
    widths: tuple[float, float]  # of the figure, far and near, as a part of the frame's width
    speed: float  # lengths that a walker covers from frame to frame
    herd: int = 1  # most that are seen together


_OPEN, _WOODS = ("savanna", "scrub", "river"), ("rainforest", "woodland", "track", "river")

SPECIES = (
    Species("aepyceros melampus", 96, 420, DAY, _OPEN, hoofed.draw_impala, (-0.9, 1.7, 2.4), 1.6, (0.14, 0.32), 0.3, 4),
    Species(
        "meleagris ocellata", 372, 300, DAY, _WOODS, upright.draw_turkey, (-1.3, 1.3, 1.8), 1.7, (0.14, 0.32), 0.25, 4
    ),
    Species(
        "tayassu pecari",
        2,
        215,
        ANY_HOUR,
        (*_WOODS, "scrub"),
        hoofed.draw_peccary,
        (-0.9, 1.4, 1.3),
        1.8,
        (0.17, 0.40),
        0.3,
        4,
    ),
    Species(
        "loxodonta africana",
        90,
        150,
        ANY_HOUR,
        _OPEN,
        hoofed.draw_elephant,
        (-1.1, 1.6, 1.6),
        2.0,
        (0.26, 0.58),
        0.2,
        2,
    ),
    Species(
        "equus quagga", 111, 110, DAY, ("savanna",), hoofed.draw_zebra, (-1.0, 1.6, 1.9), 1.9, (0.20, 0.44), 0.25, 3
    ),
    Species("leopardus pardalis", 10, 80, NIGHT, _WOODS, furred.draw_ocelot, (-1.8, 1.6, 1.5), 2.8, (0.22, 0.46), 0.25),
    Species(
        "crax rubra",
        374,
        55,
        DAY,
        ("rainforest", "track"),
        upright.draw_curassow,
        (-1.3, 1.1, 1.9),
        1.7,
        (0.13, 0.28),
        0.25,
        2,
    ),
    Species(
        "hystrix cristata",
        246,
        36,
        NIGHT,
        ("savanna", "scrub"),
        armoured.draw_porcupine,
        (-1.6, 1.2, 1.7),
        1.8,
        (0.16, 0.36),
        0.25,
        2,
    ),
    Species(
        "ursus americanus",
        161,
        24,
        ANY_HOUR,
        ("snow", "woodland", "track"),
        furred.draw_bear,
        (-1.1, 1.7, 1.5),
        2.2,
        (0.24, 0.50),
        0.25,
    ),
    Species(
        "giraffa camelopardalis",
        100,
        15,
        DAY,
        ("savanna",),
        hoofed.draw_giraffe,
        (-0.9, 1.9, 3.1),
        1.7,
        (0.18, 0.32),
        0.2,
    ),
    Species(
        "papio anubis", 137, 8, DAY, ("savanna", "river"), furred.draw_monkey, (-1.4, 1.2, 1.8), 1.9, (0.18, 0.38), 0.3
    ),
    Species(
        "crocodylus niloticus",
        233,
        4,
        ANY_HOUR,
        ("river",),
        armoured.draw_crocodile,
        (-2.4, 2.0, 0.9),
        4.0,
        (0.30, 0.58),
        0.1,
    ),
    Species(
        "myrmecophaga tridactyla",
        570,
        0,
        ANY_HOUR,
        ("scrub", "woodland", "river"),
        furred.draw_anteater,
        (-1.9, 1.7, 1.2),
        2.9,
        (0.24, 0.48),
        0.2,
    ),
    Species(
        "dasypus novemcinctus",
        14,
        0,
        NIGHT,
        ("rainforest", "woodland"),
        armoured.draw_armadillo,
        (-1.5, 1.2, 1.0),
        2.2,
        (0.18, 0.36),
        0.25,
    ),
)
"""Animals, the most frequent first. Names are real; numbers are iWildCam's where known, else made up."""

HUMAN = Species(
    "human",
    75,
    9,
    DAY,
    ("savanna", "scrub", "river", "rainforest", "woodland", "track", "snow"),
    upright.draw_human,
    (-0.7, 0.7, 2.0),
    0.8,
    (0.10, 0.19),
    0.5,
    2,
)
"""No species, and not empty either: the label policy has to say what to do with it."""
