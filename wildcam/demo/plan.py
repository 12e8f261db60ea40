"""The plan of the demo: locations, events and shots, before a pixel is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from wildcam.demo.species import ANY_HOUR, DAY, HUMAN, SPECIES, Species

TRAIN, TEST = "train", "test"
EMPTY_SHARE = 0.34
"""Images without a figure, as in iWildCam 2020 (34.05 %)."""

TEST_SHARE = 0.25
BURST = 3
SINGLE_SHARE = 0.12
"""Events that are one image instead of a burst."""

UNKNOWN_SHARE = 0.03
"""Events whose number of frames the metadata does not know, written as -1."""

HERD_SHARE = 0.25
"""Events of a social species that show more than one."""

ODD_HOUR_SHARE = 0.06
"""Events in which a species is about at any hour, not at its own."""

_HABITATS = {
    TRAIN: {"savanna": 6, "rainforest": 4, "woodland": 3, "river": 3, "scrub": 3, "track": 2, "snow": 1},
    TEST: {"savanna": 2, "rainforest": 1, "woodland": 1, "river": 1, "scrub": 1, "track": 1, "snow": 1},
}
_FIRST_DAY = datetime(2013, 3, 1)
_STRIPS = (None, None, None, "black", "white")  # Two cameras in five print a line under their images.


@dataclass(frozen=True)
class Location:
    """Where a camera stands, and how it takes images."""

    number: int
    subset: str
    habitat: str
    size: tuple[int, int]  # width, height
    strip: str | None
    first_day: datetime
    days: int
    traffic: float  # relative rate of events


@dataclass(frozen=True)
class Event:
    """One trigger: the species (None = empty), where and when."""

    number: int
    location: Location
    species: Species | None
    individuals: int
    starts_at: datetime
    frames: int
    frames_known: bool
    sequence_id: str

    @property
    def label(self) -> str:
        """What the annotations call the event."""
        return self.species.name if self.species else "empty"


@dataclass(frozen=True)
class Shot:
    """One image of an event; `frame` counts from 0."""

    image_id: str
    event: Event
    frame: int
    taken_at: datetime


@dataclass
class Planner:
    """Draws the plan of one data set from one generator, in one fixed order."""

    rng: np.random.Generator
    _taken: set[tuple[int, int]] = field(default_factory=set)  # (location, five minutes)
    _events: int = 0

    def plan(self, images: int) -> list[Shot]:
        """Every shot of the data set, location by location."""
        locations = self._locations()
        test = round(images * TEST_SHARE)
        events: list[Event] = []
        for subset, count in ((TRAIN, images - test), (TEST, test)):
            events += self._fill(
                [location for location in locations if location.subset == subset], self._counts(count, subset)
            )
        unknown = self.rng.choice(len(events), max(2, round(UNKNOWN_SHARE * len(events))), replace=False)
        for number in unknown:
            events[number] = replace(events[number], frames_known=False)
        events.sort(key=lambda event: locations.index(event.location))
        return [shot for event in events for shot in self._shots(event)]

    def _locations(self) -> list[Location]:
        kinds = [
            (subset, name)
            for subset, habitats in _HABITATS.items()
            for name, count in habitats.items()
            for _ in range(count)
        ]
        numbers = self.rng.choice(np.arange(1, 560), len(kinds), replace=False)
        return [
            Location(
                number=int(number),
                subset=subset,
                habitat=habitat,
                size=(320, 180) if self.rng.random() < 0.25 else (320, 240),
                strip=_STRIPS[self.rng.integers(len(_STRIPS))],
                first_day=_FIRST_DAY + timedelta(days=int(self.rng.integers(0, 270))),
                days=int(self.rng.integers(18, 61)),
                traffic=float(self.rng.lognormal(0, 0.5)),
            )
            for number, (subset, habitat) in zip(numbers, kinds, strict=True)
        ]

    def _counts(self, images: int, subset: str) -> list[tuple[Species | None, int]]:
        """Images of each label; they add up. The test subset is more even, and has two species of its own."""
        empty = round(images * EMPTY_SHARE)
        everyone = (*SPECIES, HUMAN)
        weights = np.array([species.weight for species in everyone])
        if subset == TEST:
            weights = np.where(weights > 0, weights, 60) ** 0.7
        counts = np.floor(weights / weights.sum() * (images - empty)).astype(int)
        counts[(weights > 0) & (counts == 0)] = 1
        counts[0] += images - empty - counts.sum()
        return [(None, empty), *((species, int(n)) for species, n in zip(everyone, counts, strict=True) if n)]

    def _fill(self, locations: list[Location], counts: list[tuple[Species | None, int]]) -> list[Event]:
        """Events for the counts, rarest label first, nobody last; idle cameras are served first."""
        idle = {location.number for location in locations}
        events = []
        for species, count in sorted(counts, key=lambda pair: (pair[0] is None, pair[1])):
            homes = [location for location in locations if species is None or location.habitat in species.habitats]
            for frames in self._bursts(count):
                open_homes = [location for location in homes if location.number in idle] or homes
                traffic = np.array([location.traffic for location in open_homes])
                location = open_homes[self.rng.choice(len(open_homes), p=traffic / traffic.sum())]
                idle.discard(location.number)
                events.append(self._event(location, species, frames))
        return events

    def _bursts(self, images: int) -> Iterator[int]:
        while images:
            frames = 1 if images < BURST or self.rng.random() < SINGLE_SHARE else BURST
            images -= frames
            yield frames

    def _event(self, location: Location, species: Species | None, frames: int) -> Event:
        individuals = 1 if species else 0
        if species and species.herd > 1 and self.rng.random() < HERD_SHARE:
            individuals = int(self.rng.integers(2, species.herd + 1))
        number, self._events = self._events, self._events + 1
        moment = self._moment(location, species)
        return Event(number, location, species, individuals, moment, frames, True, self._uuid())

    def _moment(self, location: Location, species: Species | None) -> datetime:
        """A time when the species is about and, while there is one, the camera has not fired just before."""
        activity = species.activity if species and self.rng.random() >= ODD_HOUR_SHARE else ANY_HOUR
        for _ in range(100):
            hour = self.rng.uniform(0, 24)
            if activity != ANY_HOUR:
                hour = (12 if activity == DAY else 24) + np.clip(self.rng.normal(0, 3.0), -5.7, 5.7)
            seconds = int(self.rng.integers(location.days)) * 86_400 + int(hour * 3600)
            slot = (location.number, seconds // 300)
            if slot not in self._taken:
                break
        self._taken.add(slot)
        return location.first_day + timedelta(seconds=seconds)

    def _shots(self, event: Event) -> Iterator[Shot]:
        taken_at = event.starts_at
        for frame in range(event.frames):
            yield Shot(self._uuid(), event, frame, taken_at)
            taken_at += timedelta(seconds=int(self.rng.integers(1, 4)))

    def _uuid(self) -> str:
        return str(UUID(bytes=self.rng.bytes(16), version=4))
