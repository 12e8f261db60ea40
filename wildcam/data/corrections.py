"""Corrected labels: what an image shows where a model was wrong, for the next training."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pandas as pd

from wildcam import atomic
from wildcam.accounts.acting import actor_name, permit
from wildcam.accounts.roles import Act
from wildcam.counting import counted
from wildcam.errors import DataError, UsageError
from wildcam.images import MAX_BYTES, Source
from wildcam.regular_files import read_regular
from wildcam.spreadsheet import to_csv

COLUMNS = ("path", "label", "predicted", "name", "sha256", "models", "corrected_at", "corrected_by")
"""Columns of the table and of the exported CSV, which the CSV importer reads."""

LONGEST_LABEL = 200


@dataclass(frozen=True)
class Correction:
    """The corrected label of one image, which is identified by the hash of its content."""

    sha256: str
    name: str  # file name
    predicted: str  # the label of the verdict
    label: str  # the corrected one
    models: str
    path: str  # absolute path of the image on this machine; "" if it is not kept
    corrected_at: str  # ISO 8601, UTC
    corrected_by: str = ""  # the user's name


class Corrections:
    """A log of corrections in a folder; the latest on an image counts. Several processes may add to it."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "corrections"
        self._log = self._folder / "corrections.jsonl"

    def add(
        self, source: Source, *, name: str, predicted: str, label: str, models: str, keep: bool = False
    ) -> Correction:
        """Store the label of an image; with `keep` also an upload's content, which is stored nowhere else.

        Raises `UsageError` for an empty or overlong label, `DataError` where it cannot be written.
        """
        label = " ".join(label.split()).lower()
        if not label or len(label) > LONGEST_LABEL:
            raise UsageError(f"Received a label of {counted(len(label), 'character')}: expected 1 to {LONGEST_LABEL}.")
        permit(Act.CORRECT, f"{name}: {label}")
        try:
            content = source if isinstance(source, bytes) else read_regular(source, MAX_BYTES)
            digest = sha256(content).hexdigest()
            path = self._kept(content, digest, name, keep) if isinstance(source, bytes) else os.path.abspath(source)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            correction = Correction(digest, name, predicted, label, models, path, now, actor_name())
            self._append(correction)
        except OSError as error:
            raise DataError(f"The correction cannot be saved: {error.strerror or error}.") from error
        return correction

    def of(self, source: Source) -> Correction | None:
        """The latest correction of this image."""
        if not self._log.exists():
            return None
        content = source if isinstance(source, bytes) else read_regular(source, MAX_BYTES)
        return self._latest().get(sha256(content).hexdigest())

    def table(self) -> pd.DataFrame:
        """A row an image, `COLUMNS`, the latest first."""
        rows = [asdict(correction) for correction in reversed(self._latest().values())]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def to_csv(self) -> str:
        """The table as labels for the next training; images that are kept on this machine have their path."""
        return to_csv(self.table())

    def _kept(self, content: bytes, digest: str, name: str, keep: bool) -> str:
        path = self._folder / "images" / f"{digest[:16]}{Path(name).suffix.lower()[:5]}"
        if keep:
            atomic.write_bytes(path, content)
        return str(path) if path.exists() else ""

    def _append(self, correction: Correction) -> None:
        """One write to the end of the file: lines of two writers do not mix, nor with one that a full disk cut."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"\n{json.dumps(asdict(correction))}\n".encode())
        finally:
            os.close(descriptor)

    def _latest(self) -> dict[str, Correction]:
        """By hash, in the order of the corrections; a line that a full disk cut short is skipped."""
        latest: dict[str, Correction] = {}
        if self._log.exists():
            for line in self._log.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError, TypeError):
                    correction = Correction(**json.loads(line))
                    latest.pop(correction.sha256, None)
                    latest[correction.sha256] = correction
        return latest
