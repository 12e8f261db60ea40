"""Words for nothing, people, vehicles, cameras being set up and what nobody could name, in nine languages."""

import pytest

from wildcam.data.label_words import Meaning, folded, meaning_of
from wildcam.data.labels import LabelPolicy, LabelRole, role_by_name

WORDS = {
    Meaning.EMPTY: """
        nothing here, Leer, kein_Tier, Fehlauslösung, VIDE, pas d'animal, Vacío, sin_animal, vazio, sem animais,
        leeg, geen-dier, vuoto, nessun animale, pusto, brak zwierząt, tomt, inget djur, false-triggers,
        no_wildlife, blank image, no bird, 0
    """,
    Meaning.PERSON: """
        Homo-sapiens, Mensch, HUMAINS, Persona, pessoas, mensen, uomo, człowiek, Människa, hiker, people_only,
        man & woman
    """,
    Meaning.VEHICLE: """
        Fahrzeug, véhicule, Vehículo, veículos, voertuig, veicolo, pojazd, fordon, motorbike, cars/trucks
    """,
    Meaning.SETUP: """
        Set-Up, camera_setup, Aufbau, Zeitraffer, mise en place, calibración, manutenção, onderhoud, ritiro,
        kalibracja, uppsättning, time_lapse, setup/pickup
    """,
    Meaning.NOT_SEEN: """
        Unknown, nicht_bestimmbar, indéterminé, No identificado, não identificada, onbekend, sconosciuto,
        nierozpoznany, okänd, N/A, can't tell, unclassified
    """,
    Meaning.BROKEN: """
        unscharf, flou, borrosa, desfocado, wazig, sfocata, rozmyte, suddig, over-exposed, camera_malfunction
    """,
    Meaning.ANIMAL: """
        Mammalia, unidentified_deer, Vogel, oiseau, mamífero, ave, zoogdier, uccello, ssak, fågel, unknown bat,
        small mammal, Felidae
    """,
}
PAIRS = [(meaning, " ".join(label.split())) for meaning, labels in WORDS.items() for label in labels.split(",")]
SPECIES = """red_fox, Vulpes vulpes, ghost bat, black-backed jackal, white-tailed deer, wild boar, Homo floresiensis,
    deer and human, sun bear"""


@pytest.mark.parametrize(("meaning", "label"), PAIRS)
def test_the_label_means(meaning: Meaning, label: str) -> None:
    assert meaning_of(label) is meaning
    assert meaning_of(label.upper().replace(" ", "_")) is meaning


@pytest.mark.parametrize("label", [" ".join(label.split()) for label in SPECIES.split(",")])
def test_a_species_is_a_species(label: str) -> None:
    assert meaning_of(label) is None
    assert role_by_name(label) is LabelRole.ANIMAL


def test_roles_follow() -> None:
    policy = LabelPolicy.suggest(["VIDE", "Setup_Pickup", "Mammalia", "okänd", "rowerzysta", "fox"])
    assert policy.empty == ("VIDE",)
    assert set(policy.other) == {"Setup_Pickup", "okänd", "rowerzysta"}


def test_no_name_is_folded_to_another_language() -> None:
    assert folded("  Pas_d’Animal-") == "pas d animal"
    assert meaning_of("") is None
