"""What people call a photo without a named animal: words of nine languages, by what they mean."""

import re
import unicodedata
from functools import cache

from wildcam.choice import Choice


class Meaning(Choice):
    """What a label says where it does not name a species."""

    EMPTY = "empty", "nothing there"
    PERSON = "person", "a person"
    VEHICLE = "vehicle", "a vehicle"
    SETUP = "setup", "the camera being set up or tested"
    NOT_SEEN = "not_seen", "nobody can or did say what it is"
    BROKEN = "broken", "a photo that shows nothing of use"
    ANIMAL = "animal", "an animal without a species"


EMPTY = """
empty, blank, nothing, none, nil, no animal, no animals, no wildlife, no species, no detection, no detections, nothing
here, nothing there, nothing seen, not animal, without animal, vegetation, grass, wind, background, landscape, ghost,
ghosts, false, false trigger, false triggers, false positive, false positives, false detection, false alarm, false
capture, 0, leer, nichts, kein tier, keine tiere, ohne tier, fehlauslosung, fehlalarm, leeraufnahme, leerbild,
vegetation, vide, rien, neant, aucun, aucun animal, pas d animal, sans animal, fausse detection, faux declenchement,
vacio, vacia, nada, ninguno, ningun animal, sin animal, sin animales, sin fauna, falso positivo, falso disparo,
vegetacion, vazio, vazia, nenhum, nenhum animal, sem animal, sem animais, falso acionamento, vegetacao, leeg, niets,
geen, geen dier, geen dieren, zonder dier, vals alarm, loos alarm, vuoto, vuota, niente, nessuno, nessun animale,
senza animale, falso allarme, falso scatto, vegetazione, pusto, puste, pusty, puste zdjecie, nic, brak, brak
zwierzecia, brak zwierzat, bez zwierzat, roslinnosc, tom, tomt, tomma, tom bild, ingenting, inget, inget djur, inga
djur, utan djur, falsklarm, falskt larm, vegetation
"""
PERSON = """
human, humans, homo, homo sapiens, homo sapiens sapiens, person, persons, people, man, woman, men, women, child,
children, pedestrian, hiker, hikers, hunter, hunters, ranger, rangers, poacher, poachers, tourist, tourists, cyclist,
biker, farmer, herder, herders, researcher, researchers, staff, staff member, worker, workers, camera trapper, field
team, fieldworker, human presence, human activity, human domestic, humanity, walker, jogger, skier, soldier, mensch,
menschen, mann, frau, kind, wanderer, jager, jaeger, radfahrer, spazierganger, forster, humain, humains, homme, femme,
personne, personnes, gens, enfant, promeneur, randonneur, chasseur, cycliste, humano, humanos, humana, humanas,
persona, personas, gente, hombre, mujer, nino, cazador, ser humano, seres humanos, pessoa, pessoas, homem, mulher,
crianca, cacador, mens, mensen, persoon, personen, wandelaar, fietser, jager, boswachter, umano, umani, uomo, donna,
persone, bambino, cacciatore, escursionista, czlowiek, ludzie, osoba, osoby, mysliwy, turysta, rowerzysta, dziecko,
manniska, manniskor, folk, kvinna, barn, jagare, vandrare, cyklist
"""
VEHICLE = """
vehicle, vehicles, car, cars, truck, trucks, lorry, motorcycle, motorbike, motorcycles, bicycle, bike, bikes,
bicycles, atv, quad, quad bike, tractor, boat, bus, van, suv, jeep, train, snowmobile, trailer, scooter, moped,
aircraft, fahrzeug, fahrzeuge, auto, autos, lkw, pkw, lastwagen, motorrad, fahrrad, traktor, boot, vehicule,
vehicules, voiture, voitures, camion, moto, velo, tracteur, bateau, vehiculo, vehiculos, coche, coches, carro, carros,
camion, motocicleta, bicicleta, bici, barco, veiculo, veiculos, caminhao, carrinha, trator, bicicletas, voertuig,
voertuigen, vrachtwagen, motorfiets, fiets, trekker, veicolo, veicoli, macchina, automobile, autocarro, motociclo,
trattore, barca, pojazd, pojazdy, samochod, samochody, ciezarowka, motocykl, rower, traktor, fordon, bil, bilar,
lastbil, motorcykel, cykel
"""
SETUP = """
setup, set up, set, pickup, pick up, start, end, begin, beginning, first, last, deploy, deployment, deployed,
retrieval, retrieve, retrieved, removal, installation, install, check, camera check, camera setup, camera set up,
camera pickup, camera, camera trap, service, servicing, maintenance, calibration, calibrate, test, testing, test
image, test photo, marker, metadata board, whiteboard, white board, setup pickup, bait, lure, baiting, timelapse, time
lapse, time lapse image, reference, sign, clapper board, walk test, field visit, aufbau, abbau, einrichtung,
kalibrierung, kontrolle, wartung, montage, koder, zeitraffer, mise en place, pose, depose, calibration, etalonnage,
controle, entretien, retrait, appat, intervalle, instalacion, calibracion, revision, mantenimiento, colocacion,
retirada, retiro, prueba, cebo, carnada, instalacao, calibracao, manutencao, montagem, retirada, teste, isca,
plaatsing, ophalen, kalibratie, ijking, onderhoud, controle, lokaas, installazione, calibrazione, manutenzione,
ritiro, controllo, prova, esca, montaz, demontaz, kalibracja, konserwacja, kontrola, proba, przyneta, uppsattning,
nedtagning, kalibrering, underhall, kontroll, prov, lockbete, bete, intervall
"""
NOT_SEEN = """
unknown, unknowns, unidentified, unidentifiable, unidentifed, unid, unk, undetermined, indeterminate, indet,
uncertain, unclear, unsure, unclassified, unclassifiable, unlabeled, unlabelled, untagged, not identified, not
identifiable, not classified, no cv result, no result, cannot tell, can t tell, can not tell, cant tell, not sure,
other, others, misc, miscellaneous, ignore, ignored, skip, skipped, to check, tbd, todo, tba, pending, n a, not
applicable, undefined, question, needs id, no id, unbekannt, unbestimmt, unbestimmbar, nicht bestimmbar, nicht
erkennbar, unklar, unsicher, sonstige, sonstiges, andere, inconnu, inconnue, indetermine, indeterminee, non identifie,
non identifiee, non identifiable, incertain, autre, autres, desconocido, desconocida, indeterminado, indeterminada, no
identificado, no identificada, no identificable, incierto, otro, otros, otra, otras, desconhecido, desconhecida, nao
identificado, nao identificada, nao identificavel, outro, outros, outra, outras, onbekend, onbepaald,
ongeidentificeerd, niet herkenbaar, onduidelijk, onzeker, overig, overige, anders, sconosciuto, sconosciuta, non
identificato, non identificata, non identificabile, indeterminato, altro, altri, altre, nieznany, nieznane, nieznana,
nierozpoznany, nierozpoznane, nieokreslony, nieokreslone, inny, inne, niezidentyfikowany, okand, okant, oidentifierad,
oidentifierat, ej identifierad, oklar, osaker, annat, ovrigt
"""
BROKEN = """
misfire, misfires, corrupt, corrupted, corrupt image, damaged, broken, problem, problems, error, fault, faulty,
failure, failed, malfunction, camera malfunction, camera error, camera failure, blurred, blurry, blur, out of focus,
overexposed, over exposed, underexposed, under exposed, too dark, too bright, dark, white, black, fogged, foggy lens,
obscured, obstructed, blocked, lens blocked, lens obscured, poor quality, bad quality, bad image, bad photo, unusable,
unreadable, duplicate, defekt, fehler, beschadigt, unscharf, verwackelt, uberbelichtet, unterbelichtet, unbrauchbar,
storung, flou, floue, erreur, defectueux, defectueuse, corrompu, surexpose, surexposee, inutilisable, probleme,
borroso, borrosa, fallo, danado, danada, corrupto, corrupta, sobreexpuesta, sobreexpuesto, inutilizable, problema,
desfocado, desfocada, falha, erro, danificado, danificada, corrompido, superexposta, inutilizavel, wazig, onscherp,
fout, beschadigd, overbelicht, onbruikbaar, storing, probleem, sfocato, sfocata, errore, guasto, danneggiato,
danneggiata, sovraesposta, inutilizzabile, rozmyte, nieostre, blad, uszkodzone, uszkodzony, przeswietlone,
nieczytelne, suddig, oskarp, fel, trasig, skadad, overexponerad, oanvandbar, felutlosning
"""
ANIMAL = """
animal, animals, wildlife, fauna, unknown animal, unidentified animal, mammal, mammals, mammalia, bird, birds, aves,
reptile, reptiles, reptilia, amphibian, amphibians, amphibia, insect, insects, insecta, fish, arthropod, arthropods,
invertebrate, invertebrates, vertebrate, animalia, chordata, rodent, rodents, rodentia, carnivore, carnivora,
carnivores, ungulate, ungulates, artiodactyla, cetartiodactyla, perissodactyla, primate, primates, chiroptera,
lagomorpha, eulipotyphla, marsupial, marsupialia, diprotodontia, passeriformes, galliformes, columbiformes,
accipitriformes, strigiformes, squamata, anura, testudines, serpentes, felidae, canidae, mustelidae, cervidae,
bovidae, suidae, ursidae, muridae, sciuridae, leporidae, herpestidae, viverridae, procyonidae, mephitidae, hyaenidae,
equidae, cercopithecidae, phasianidae, columbidae, small mammal, small mammals, large mammal, medium mammal, other
animal, other mammal, other bird, tier, tiere, saugetier, saugetiere, vogel, nagetier, wildtier, wirbeltier, animaux,
mammifere, mammiferes, oiseau, oiseaux, rongeur, rongeurs, animales, mamifero, mamiferos, ave, roedor, roedores,
pajaro, reptil, animais, passaro, passaros, dier, dieren, zoogdier, zoogdieren, vogels, knaagdier, animale, animali,
mammifero, mammiferi, uccello, uccelli, roditore, rettile, zwierze, zwierzeta, ssak, ssaki, ptak, ptaki, gryzon, djur,
daggdjur, fagel, faglar, gnagare
"""

_BESIDE = """
image images photo photos picture pictures frame frames shot bild foto fotos imagen imagem immagine zdjecie the a of and
or und et y e i och en by with only animal species sp spp
"""
BESIDE = frozenset(_BESIDE.split())
"""Words beside a word with a meaning that change nothing."""

_NEGATIONS = """
no not without kein keine ohne sans aucun aucune sin sem nenhum geen zonder senza bez inget inga utan
"""
NEGATIONS = frozenset(_NEGATIONS.split())
"""Words before an animal, a person or a vehicle that is not there."""

_SUBJECTS = (Meaning.ANIMAL, Meaning.PERSON, Meaning.VEHICLE)
_SPLIT = re.compile(r"[^\w]+|_+")
_TOGETHER = re.compile(r"\s*(?:[/&+,;|]|\band\b|\bund\b|\bet\b|\by\b|\boch\b)\s*")


def folded(name: str) -> str:
    """Without case and accents, one blank for each run of blanks, `_`, `-` and other marks."""
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "l").replace("ø", "o").casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(filter(None, _SPLIT.split(letters)))


@cache
def meaning_of(name: str) -> Meaning | None:
    """What a label means; None for one that may name a species.

    Of a label that joins several words (`setup_pickup`, `people & cars`) every one must have a meaning: the first is
    the label's. What is not known names no species, and is an animal where any word follows (`unidentified deer`).
    """
    words = folded(name).split()
    if words[:1] and words[0] in NEGATIONS and meaning_of(" ".join(words[1:])) in _SUBJECTS:
        return Meaning.EMPTY
    meanings = _phrases(words)
    if None in meanings or not meanings:
        if meanings[:1] == [Meaning.NOT_SEEN]:
            return Meaning.ANIMAL
        parts = [meaning_of(part) for part in _TOGETHER.split(name) if part.strip() and part != name]
        return parts[0] if len(parts) > 1 and None not in parts else None
    if Meaning.ANIMAL in meanings:
        of_animal = set(meanings) <= {Meaning.ANIMAL, Meaning.NOT_SEEN, Meaning.BROKEN}
        return Meaning.ANIMAL if of_animal else None
    return next((meaning for meaning in meanings if meaning is not Meaning.EMPTY), Meaning.EMPTY)


def _phrases(words: list[str]) -> list[Meaning | None]:
    """The meanings of a name's words from left to right, the longest known phrase first; None for an unknown word."""
    found: list[Meaning | None] = []
    while words:
        length = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in _MEANINGS), 0)
        if length or words[0] not in BESIDE:
            found.append(_MEANINGS.get(" ".join(words[: length or 1])))
        words = words[length or 1 :]
    return found


def _table() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for meaning, words in (
        (Meaning.ANIMAL, ANIMAL),
        (Meaning.BROKEN, BROKEN),
        (Meaning.NOT_SEEN, NOT_SEEN),
        (Meaning.SETUP, SETUP),
        (Meaning.VEHICLE, VEHICLE),
        (Meaning.PERSON, PERSON),
        (Meaning.EMPTY, EMPTY),
    ):
        table |= {folded(word): meaning for word in words.replace("\n", " ").split(",") if word.strip()}
    return table


_MEANINGS = _table()
