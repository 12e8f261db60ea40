"""Reviews: what people say that photos show. A layer over the labels of sources and the answers of models, which stay.

One log for the whole home, `corrections/corrections.jsonl`, a line a review: only ever added to. The latest review of a
photo counts; one that withdraws leaves what the source or the model says.
"""

import fcntl
import json
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from pathlib import Path

import msgspec
import pandas as pd

from wildcam import atomic
from wildcam.accounts.acting import actor_name, permit
from wildcam.accounts.roles import Act
from wildcam.choice import Choice
from wildcam.counting import counted
from wildcam.data.label_words import folded
from wildcam.errors import DataError, UsageError
from wildcam.images import MAX_BYTES, Source
from wildcam.regular_files import read_regular
from wildcam.spreadsheet import to_csv

COLUMNS = (
    "path",
    "label",
    "predicted",
    "decision",
    "name",
    "sha256",
    "models",
    "reason",
    "sample",
    "reviewed_at",
    "reviewed_by",
)
"""Columns of the table and of the exported CSV, which the CSV importer reads."""

LONGEST_LABEL = 200
SETTLES = "settles a conflict"
"""The reason of a review that ends a disagreement: what was said before it no longer counts as one."""

_EARLIER_NAMES = {b'"corrected_at":': b'"reviewed_at":', b'"corrected_by":': b'"reviewed_by":'}


class Decision(Choice):
    """What a review does."""

    LABEL = "label", "Label"  # a correction, or a confirmation where it says the same
    UNDECIDED = "undecided", "Not sure"  # seen, and nobody can say
    FLAG = "flag", "Flagged"  # to be discussed
    WITHDRAW = "withdraw", "Withdrawn"  # earlier reviews no longer count


class Sample(Choice):
    """What a reviewed photo was drawn from by chance."""

    ALL = "all", "All photos"
    ANSWER = "answer", "Photos with its answer"


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of one photo."""

    name: str  # file name
    predicted: str  # what the source or the model says; "" for nothing
    label: str  # what the photo shows; "" where the decision gives no label
    path: str = ""  # absolute path of the photo on this machine; "" if it is not kept
    sha256: str = ""  # of the content; "" where only the path is known
    decision: str = Decision.LABEL.value
    models: str = ""
    reason: str = ""
    sample: str = ""  # Sample: whether it tells how good the other answers are
    reviewed_at: str = ""  # ISO 8601, UTC
    reviewed_by: str = ""  # the user's name

    @property
    def has_label(self) -> bool:
        """Whether it says what the photo shows."""
        return self.decision == Decision.LABEL

    @property
    def confirms(self) -> bool:
        """Whether it says the same as the source or the model."""
        return self.has_label and self.label == self.predicted

    @property
    def sentence(self) -> str:
        """What it says, and who says so."""
        by = f" by {self.reviewed_by}" if self.reviewed_by else ""
        if self.has_label:
            return f"Confirmed{by}" if self.confirms else f"Corrected to {self.label}{by}"
        return f"{Decision(self.decision).display}{by}"


@dataclass(frozen=True)
class ReviewLayer:
    """The reviews that count for the photos below one folder."""

    stamp: str = ""  # changes with every review of such a photo: two layers of one folder with one stamp are the same
    by_path: Mapping[str, Review] = field(default_factory=dict, repr=False, compare=False)
    """By path relative to the folder, with `/`."""

    def labels(self) -> dict[str, str]:
        """The labels by relative path, of the reviews that give one."""
        return {path: review.label for path, review in self.by_path.items() if review.has_label}


class Reviews:
    """The log of a home. Several processes may add to it."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "corrections"
        self._log = _log_at(self._folder / "corrections.jsonl")

    def add(self, source: Source, *, name: str, predicted: str, label: str, models: str, keep: bool = False) -> Review:
        """Store the label of a photo; with `keep` also an upload's content, which is stored nowhere else.

        Raises `UsageError` for an empty or overlong label, `DataError` where it cannot be written.
        """
        label = checked_label(label)
        permit(Act.CORRECT, f"{name}: {label}")
        try:
            content = source if isinstance(source, bytes) else read_regular(source, MAX_BYTES)
            digest = sha256(content).hexdigest()
            path = self._kept(content, digest, name, keep) if isinstance(source, bytes) else os.path.abspath(source)
        except OSError as error:
            raise DataError(f"The review cannot be saved: {error.strerror or error}.") from error
        [stored] = self._append([Review(name, predicted, label, path, digest, models=models)])
        return stored

    def add_all(self, reviews: Sequence[Review]) -> list[Review]:
        """Store reviews of photos on disk: all of them or none. Time and reviewer are filled in.

        Raises `UsageError` for an empty or overlong label, `DataError` where they cannot be written.
        """
        if not reviews:
            return []
        checked = [replace(each, label=checked_label(each.label)) if each.has_label else each for each in reviews]
        said = checked[0].label or Decision(checked[0].decision).display
        permit(Act.CORRECT, f"{counted(len(checked), 'photo')}: {said}")
        return self._append(checked)

    def withdraw(self, review: Review) -> Review:
        """Let the photo of this review show again what its source or the model says."""
        permit(Act.CORRECT, f"{review.name}: {Decision.WITHDRAW.display}")
        [stored] = self._append([replace(review, decision=Decision.WITHDRAW.value, label="", reason="", sample="")])
        return stored

    def put_back(self, reviews: Sequence[Review]) -> None:
        """Let earlier reviews count again, with the name and the time that they had; withdrawals are made now."""
        permit(Act.CORRECT, f"{counted(len(reviews), 'photo')}: undone")
        now, name = _now(), actor_name()
        self._write(
            [
                replace(each, reviewed_at=now, reviewed_by=name) if each.decision == Decision.WITHDRAW else each
                for each in reviews
            ]
        )

    def of(self, source: Source) -> Review | None:
        """The review of this photo that counts; None where there is none."""
        if not isinstance(source, bytes):
            found = self._log.latest(os.path.abspath(source))
            if found is not None or not self._log.has_content_only():
                return found
        content = source if isinstance(source, bytes) else read_regular(source, MAX_BYTES)
        return self._log.latest(sha256(content).hexdigest())

    def said_of(self, path: Path) -> Review | None:
        """The last review of this very file, one that withdraws among them; None where there is none."""
        return self._log.last(os.path.abspath(path))

    def below(self, folder: Path) -> ReviewLayer:
        """The reviews that count for the photos in this folder and its folders."""
        return self._log.layer(str(folder.absolute()))

    def history(self, folder: Path | None = None) -> list[Review]:
        """Every review so far (of photos in this folder), the earliest first."""
        prefix = f"{folder.absolute()}{os.sep}" if folder else ""
        return [review for review in self._log.read() if review.path.startswith(prefix)]

    def count(self) -> int:
        """Photos with a review that counts."""
        return len(self._log.counting())

    def table(self) -> pd.DataFrame:
        """A row a photo, `COLUMNS`, the latest first."""
        return _table(self._log.counting())

    def latest(self, count: int) -> pd.DataFrame:
        """The first so many rows of the table."""
        return _table(self._log.counting()[:count])

    def labels(self) -> dict[str, str]:
        """The labels that count by absolute path, of photos on this machine, the earliest review first; copies of one
        content have that of one.
        """
        return {path: review.label for path, review in self._log.by_path().items() if review.has_label}

    def remove(self, paths: Collection[str], digests: Collection[str]) -> int:
        """Forget all that was said of photos of these paths or contents, and what is kept of them; how many reviews."""
        with self._log.alone():
            said = self._log.read()
            gone = {one.sha256 for one in said if one.path in paths and one.sha256} | set(digests)
            left = [one for one in said if one.path not in paths and one.sha256 not in gone]
            for digest in gone:
                for copy in (self._folder / "images").glob(f"{digest[:16]}*"):
                    copy.unlink()
            if removed := len(said) - len(left):
                self._log.replace(left)
        return removed

    def to_csv(self) -> str:
        """The photos with a label as labels for the next training; photos on this machine have their path."""
        table = self.table()
        return to_csv(table[table["decision"] == Decision.LABEL])

    def _kept(self, content: bytes, digest: str, name: str, keep: bool) -> str:
        path = self._folder / "images" / f"{digest[:16]}{Path(name).suffix.lower()[:5]}"
        if keep:
            atomic.write_bytes(path, content)
        return str(path) if path.exists() else ""

    def _append(self, reviews: Iterable[Review]) -> list[Review]:
        now, name = _now(), actor_name()
        stored = [replace(review, reviewed_at=now, reviewed_by=name) for review in reviews]
        self._write(stored)
        return stored

    def _write(self, reviews: list[Review]) -> None:
        try:
            self._log.append(reviews)
        except OSError as error:
            raise DataError(f"The review cannot be saved: {error.strerror or error}.") from error


def _table(reviews: Iterable[Review]) -> pd.DataFrame:
    return pd.DataFrame([asdict(review) for review in reviews], columns=list(COLUMNS))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def checked_label(label: str) -> str:
    """A label as it is stored: without spaces around and double ones. Raises `UsageError` for an unusable one."""
    label = " ".join(label.split())
    if not label or len(label) > LONGEST_LABEL:
        raise UsageError(f"Received a label of {counted(len(label), 'character')}: expected 1 to {LONGEST_LABEL}.")
    return label


def spelled_as_known(label: str, known: Iterable[str]) -> str:
    """The known label that differs from a typed one in case, accents or punctuation alone; else the typed one.

    A typed label that is known itself stays, also beside another one of the same letters.
    """
    known = list(known)
    typed = " ".join(label.split())
    if typed in known:
        return typed
    return next((name for name in known if folded(name) == folded(label)), label)


TAIL = 400
"""Bytes: about one line, whose time and photo no other log has there."""


class _Log:
    """A log and what this process has read of it: what was added since is read, not the whole again."""

    _offset: int  # bytes that were read so far
    _tail: bytes  # the last of these: they are still there, or it is another file

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._forget()

    def append(self, reviews: list[Review]) -> None:
        """One write to the end of the file: lines of two writers do not mix, nor with one that a full disk cut."""
        lines = _lines(reviews)
        with self.alone():
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                before = os.fstat(descriptor).st_size
                if os.write(descriptor, lines) < len(lines):
                    os.ftruncate(descriptor, before)
                    raise OSError(f"the disk of {self.path.parent} is full")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process writes meanwhile. The lock is a file of its own, since the log may be replaced."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self.path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go of with the file
            yield

    def replace(self, reviews: list[Review]) -> None:
        """Write these alone, in place of the file; call it within `alone`."""
        atomic.write_bytes(self.path, _lines(reviews))

    def read(self) -> list[Review]:
        """Every review so far; a line that is cut short is left out."""
        with self._lock:
            new = self._read_from(self._offset - len(self._tail))
            if not new.startswith(self._tail):  # another file in its place
                self._forget()
                new = self._read_from(0)
            new = new[len(self._tail) :]
            whole = new[: new.rfind(b"\n") + 1]  # the rest is being written
            for line in whole.splitlines():
                with suppress(msgspec.DecodeError):
                    self._take(_review(line))
            self._offset += len(whole)
            self._tail = (self._tail + whole)[-TAIL:]
            return self._reviews

    def _read_from(self, offset: int) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(offset)
                return file.read()
        except FileNotFoundError:
            return b""

    def latest(self, key: str) -> Review | None:
        """Of a path, or of the hash of a content."""
        with self._lock:
            self.read()
            found = self._latest(key) if key in self._by_key else None
        return found if found and found.decision != Decision.WITHDRAW else None

    def last(self, path: str) -> Review | None:
        """Of this very path, also one that withdraws."""
        with self._lock:
            self.read()
            return self._reviews[self._by_key[path]] if path in self._by_key else None

    def by_path(self) -> dict[str, Review]:
        """The review that counts of every photo on this machine, where it is not withdrawn; the earliest first."""
        with self._lock:
            self.read()
            paths = {review.path for review in self._reviews} - {""}
            numbers = sorted((self._number(path), path) for path in paths)
            latest = {path: self._reviews[number] for number, path in numbers}
        return {path: review for path, review in latest.items() if review.decision != Decision.WITHDRAW}

    def has_content_only(self) -> bool:
        """Whether a review is known by the content of its photo alone."""
        self.read()
        return self._has_content

    def counting(self) -> list[Review]:
        """The latest review of every photo, where it is not withdrawn; the latest first."""
        with self._lock:
            self.read()
            latest = [self._reviews[number] for number in sorted(set(self._by_key.values()), reverse=True)]
        return [review for review in latest if review.decision != Decision.WITHDRAW]

    def layer(self, folder: str) -> ReviewLayer:
        with self._lock:
            self.read()
            seen, stamp, by_path = self._layers.get(folder, (0, "", {}))
            if seen == len(self._reviews):
                return ReviewLayer(stamp, by_path)
            by_path, prefix = dict(by_path), f"{folder}{os.sep}"
            for review in self._reviews[seen:]:
                if review.path.startswith(prefix):
                    stamp = blake2b(f"{stamp}{review!r}".encode(), digest_size=8).hexdigest()
                    relative = review.path.removeprefix(prefix).replace(os.sep, "/")
                    by_path.pop(relative, None)
                    if review.decision != Decision.WITHDRAW:
                        by_path[relative] = review
            self._layers[folder] = len(self._reviews), stamp, by_path
            return ReviewLayer(stamp, by_path)

    def _take(self, review: Review) -> None:
        self._has_content |= bool(review.sha256)
        earlier = self._reviews[self._by_key[review.path]] if review.path in self._by_key else None
        if earlier and earlier.sha256 != review.sha256:  # of the same photo: it no longer counts by its content either
            self._by_key.pop(earlier.sha256, None)
        for key in filter(None, (review.path, review.sha256)):
            self._by_key[key] = len(self._reviews)
        self._reviews.append(review)

    def _latest(self, key: str) -> Review:
        """Of a photo that is known by this path or content: its own review, or a later one of a copy."""
        return self._reviews[self._number(key)]

    def _number(self, key: str) -> int:
        number = self._by_key[key]
        return max(number, self._by_key.get(self._reviews[number].sha256, -1))

    def _forget(self) -> None:
        self._offset = 0
        self._tail = b""
        self._has_content = False
        self._reviews: list[Review] = []
        self._by_key: dict[str, int] = {}  # by path and by content: the latest review's place among all
        self._layers: dict[str, tuple[int, str, dict[str, Review]]] = {}


_DECODER = msgspec.json.Decoder(Review)


def _review(line: bytes) -> Review:
    for earlier, now in _EARLIER_NAMES.items():
        line = line.replace(earlier, now)
    return _DECODER.decode(line)


_LOGS: dict[Path, _Log] = {}


def _lines(reviews: Iterable[Review]) -> bytes:
    return "".join(f"\n{json.dumps(asdict(review))}\n" for review in reviews).encode()


def _log_at(path: Path) -> _Log:
    return _LOGS.setdefault(path.absolute(), _Log(path.absolute()))
