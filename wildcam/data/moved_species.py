"""Whether two names with one epithet may be one species that was moved from a genus to another."""

MOVED = (
    ("puma", "herpailurus", "felis", "profelis"),
    ("felis", "leopardus", "oncifelis", "oreailurus", "lynchailurus"),
    ("felis", "prionailurus", "otocolobus", "leptailurus", "caracal", "lynx", "catopuma", "pardofelis"),
    ("panthera", "uncia", "neofelis"),
    ("canis", "lupulella", "cuon", "lycaon"),
    ("vulpes", "alopex", "fennecus"),
    ("pseudalopex", "lycalopex", "dusicyon", "cerdocyon"),
    ("mustela", "neovison", "neogale", "martes", "pekania", "lutra"),
    ("lutra", "lontra", "hydrictis", "lutrogale", "aonyx", "amblonyx"),
    ("herpestes", "galerella", "urva", "xenogale"),
    ("tayassu", "pecari", "dicotyles"),
    ("agouti", "cuniculus", "coelogenys"),
    ("cervus", "rusa", "axis", "dama", "rucervus", "elaphurus"),
    ("mazama", "subulo", "odocoileus", "passalites", "pudu", "pudella"),
    ("cephalophus", "philantomba", "sylvicapra"),
    ("tragelaphus", "taurotragus", "boocercus", "nyala", "ammelaphus"),
    ("gazella", "nanger", "eudorcas", "antidorcas"),
    ("bos", "bison", "bibos", "bubalus"),
    ("capra", "ovis", "ammotragus", "pseudois", "hemitragus", "nilgiritragus", "arabitragus"),
    ("capricornis", "naemorhedus", "nemorhaedus"),
    ("lama", "vicugna"),
    ("equus", "asinus", "hippotigris"),
    ("tapirus", "acrocodia", "tapirella"),
    ("macropus", "notamacropus", "osphranter", "wallabia", "thylogale"),
    ("cercopithecus", "allochrocebus", "chlorocebus", "erythrocebus"),
    ("ateles", "brachyteles"),
    ("cebus", "sapajus"),
    ("saguinus", "leontocebus", "callithrix", "oedipomidas"),
    ("spermophilus", "otospermophilus", "urocitellus", "callospermophilus", "ictidomys", "xerospermophilus"),
    ("tamias", "neotamias", "eutamias"),
    ("sciurus", "notosciurus", "hadrosciurus", "tamiasciurus", "guerlinguetus"),
    ("hystrix", "atherurus", "acanthion"),
    ("coendou", "sphiggurus", "erethizon"),
    ("manis", "phataginus", "smutsia", "uromanis"),
    ("nasua", "nasuella", "procyon"),
    ("crax", "mitu", "pauxi"),
    ("penelope", "pipile", "aburria", "ortalis"),
    ("francolinus", "pternistis", "scleroptila", "peliperdix", "dendroperdix"),
    ("columba", "patagioenas", "streptopelia", "spilopelia", "leptotila"),
    ("accipiter", "astur", "tachyspiza"),
    ("varanus", "tupinambis", "salvator"),
)
"""Genera of which one has taken species from another, of mammals and ground birds that cameras see."""

ADJECTIVES = (
    "ensis",
    "ense",
    "icus",
    "ica",
    "icum",
    "anus",
    "ana",
    "anum",
    "inus",
    "ina",
    "inum",
    "atus",
    "ata",
    "atum",
    "alis",
    "ale",
    "aris",
    "are",
    "osus",
    "osa",
    "osum",
    "ius",
    "ia",
    "ium",
    "eus",
    "ea",
    "eum",
    "ilis",
    "ile",
    "color",
    "ceps",
    "ipes",
    "icauda",
    "frons",
    "ivus",
    "iva",
    "idus",
    "ida",
    "ulus",
    "ula",
    "ellus",
    "ella",
    "fer",
    "ger",
    "oides",
)
"""Endings of adjectives, which describe unrelated species alike: by land, colour or shape."""

_COMMON = """
alba albus album niger nigra nigrum rufus rufa rufum ruber rubra fulvus flavus flava major minor maximus minima vulgaris
communis gigas giganteus parvus magnus americana africana indica elegans gracilis grandis pygmaeus domesticus ferus
agrestis sylvestris silvestris montanus orientalis borealis australis arctos lagopus lupus vulpes leo tigris
"""
COMMON = frozenset(_COMMON.split())
"""Epithets that several unrelated species have."""


def may_have_moved(epithet: str, genus: str, other_genus: str, *, genera: int) -> bool:
    """Whether a hint is due. `genera`: how many of the labels share the epithet."""
    if any(genus in group and other_genus in group for group in MOVED):
        return True
    return genera == 2 and epithet not in COMMON and not epithet.endswith(ADJECTIVES)
