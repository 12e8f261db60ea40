"""Seven habitats: what grows there and in which colours."""

from dataclasses import dataclass

from wildcam.demo.pen import Colour

Palette = tuple[Colour, ...]

_BARK: Palette = ((92, 74, 56), (74, 60, 48), (108, 92, 74))


@dataclass(frozen=True)
class Habitat:
    """The recipe of a scene. Counts are for one image; colours are those of an overcast noon."""

    name: str
    horizon: tuple[float, float]  # lowest and highest, as a part of the height from the top
    sky: tuple[Colour, Colour]  # above, and near the horizon
    ground: tuple[Colour, Colour]  # far and near
    patches: Colour  # what shows through the ground
    grass: Palette
    grass_tufts: int
    grass_height: float  # of a near tuft, as a part of the image's height
    litter: Palette  # leaves, sticks and stones that lie about
    litter_pieces: int
    foliage: Palette
    bark: Palette = _BARK
    bushes: int = 0
    rocks: int = 0
    broadleaf: int = 0
    pines: int = 0
    acacias: int = 0
    cactuses: int = 0
    leaf_wall: int = 0  # clumps of leaves that close the view behind
    far_trees: Colour | None = None  # a tree line on the horizon
    water: Colour | None = None
    track: bool = False
    farthest_foot: float = 0.30  # nearness at which animals begin to appear
    degrees: int = 16  # in the morning
    hides_feet: float = 0.02  # how far grass and leaves reach up near legs, as a part of the image's height
    dapple: float = 0.0  # how patchy the sun is, 0–1
    haze: Colour = (196, 204, 206)


HABITATS = {
    habitat.name: habitat
    for habitat in (
        Habitat(
            "savanna",
            (0.30, 0.44),
            ((186, 204, 222), (236, 238, 234)),
            ((186, 168, 116), (166, 136, 82)),
            patches=(146, 108, 72),
            grass=((198, 172, 104), (172, 150, 82), (214, 194, 132), (140, 130, 70)),
            grass_tufts=460,
            hides_feet=0.09,
            grass_height=0.10,
            litter=((120, 92, 62), (206, 186, 136), (96, 78, 56)),
            litter_pieces=500,
            foliage=((92, 106, 52), (116, 124, 66), (70, 84, 42)),
            bushes=5,
            rocks=3,
            acacias=3,
            far_trees=(112, 120, 92),
        ),
        Habitat(
            "rainforest",
            (0.34, 0.46),
            ((70, 86, 58), (150, 170, 130)),
            ((92, 84, 58), (116, 90, 62)),
            patches=(70, 56, 42),
            grass=((62, 96, 46), (84, 118, 56), (48, 78, 40)),
            grass_tufts=60,
            grass_height=0.12,
            litter=((150, 112, 70), (112, 82, 52), (176, 142, 96), (84, 64, 44), (128, 120, 70)),
            litter_pieces=1900,
            foliage=((42, 72, 36), (62, 98, 46), (86, 124, 58), (32, 56, 30), (104, 140, 70)),
            bushes=9,
            broadleaf=8,
            leaf_wall=60,
            dapple=0.75,
            haze=(96, 116, 86),
        ),
        Habitat(
            "woodland",
            (0.32, 0.42),
            ((176, 192, 200), (226, 230, 224)),
            ((118, 112, 74), (128, 104, 72)),
            patches=(98, 116, 60),
            grass=((104, 128, 62), (132, 148, 78), (156, 150, 96)),
            grass_tufts=260,
            hides_feet=0.06,
            grass_height=0.09,
            litter=((146, 116, 82), (104, 82, 60), (176, 148, 108)),
            litter_pieces=1400,
            foliage=((52, 78, 48), (68, 96, 54), (40, 62, 42)),
            bushes=4,
            rocks=3,
            broadleaf=4,
            pines=7,
            leaf_wall=16,
            far_trees=(64, 84, 64),
            dapple=0.5,
            haze=(150, 164, 156),
        ),
        Habitat(
            "river",
            (0.24, 0.34),
            ((196, 208, 218), (234, 238, 236)),
            ((140, 122, 92), (122, 102, 78)),
            patches=(96, 82, 64),
            grass=((112, 134, 62), (138, 152, 78), (92, 112, 52)),
            grass_tufts=150,
            hides_feet=0.06,
            grass_height=0.14,
            litter=((90, 76, 60), (164, 148, 120), (112, 96, 76)),
            litter_pieces=700,
            foliage=((60, 90, 46), (84, 112, 58), (48, 72, 40)),
            bushes=6,
            rocks=4,
            broadleaf=1,
            far_trees=(74, 98, 62),
            water=(118, 132, 126),
            farthest_foot=0.46,
        ),
        Habitat(
            "scrub",
            (0.32, 0.46),
            ((172, 196, 222), (238, 236, 228)),
            ((208, 178, 136), (196, 154, 108)),
            patches=(176, 128, 88),
            grass=((176, 158, 104), (150, 140, 96)),
            grass_tufts=90,
            grass_height=0.07,
            litter=((146, 116, 88), (220, 200, 164), (124, 94, 70)),
            litter_pieces=1100,
            foliage=((122, 126, 82), (146, 144, 100), (98, 104, 66)),
            bushes=11,
            rocks=9,
            cactuses=3,
            far_trees=(150, 136, 120),
            haze=(216, 206, 194),
        ),
        Habitat(
            "snow",
            (0.32, 0.44),
            ((178, 190, 204), (224, 228, 232)),
            ((214, 220, 230), (226, 229, 236)),
            patches=(188, 198, 216),
            grass=((164, 142, 100), (138, 118, 86)),
            grass_tufts=60,
            grass_height=0.09,
            litter=((170, 178, 196), (120, 104, 86), (240, 242, 246)),
            litter_pieces=400,
            foliage=((46, 62, 54), (62, 80, 68), (36, 50, 46), (196, 206, 216)),
            bushes=3,
            rocks=2,
            pines=10,
            far_trees=(92, 106, 112),
            haze=(206, 214, 224),
            degrees=-7,
        ),
        Habitat(
            "track",
            (0.30, 0.40),
            ((190, 204, 206), (230, 234, 226)),
            ((150, 132, 100), (160, 136, 104)),
            patches=(128, 108, 80),
            grass=((96, 130, 54), (124, 150, 70), (150, 164, 92)),
            grass_tufts=330,
            hides_feet=0.07,
            grass_height=0.13,
            litter=((188, 168, 136), (112, 92, 70), (142, 120, 90)),
            litter_pieces=900,
            foliage=((66, 100, 46), (90, 126, 60), (48, 78, 38)),
            bushes=8,
            broadleaf=4,
            leaf_wall=26,
            far_trees=(80, 106, 66),
            track=True,
            dapple=0.35,
            haze=(170, 182, 160),
        ),
    )
}
"""By name."""
