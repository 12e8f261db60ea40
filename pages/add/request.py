"""Add data: everything that was chosen, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pages.add.files import SourceFile
from pages.add.more_files import MoreFiles
from wildcam.data.importers import ColumnMap, ImportOptions


@dataclass(frozen=True)
class ImportRequest:
    """Everything that was chosen."""

    source: SourceFile
    format: str
    columns: ColumnMap | None
    more: MoreFiles

    @property
    def has_images(self) -> bool:
        """Whether there is a folder to look for the images in: an uploaded file has none beside it."""
        return self.source.staged is None or self.more.images is not None

    def options(self, places: Mapping[Path, Path] = MappingProxyType({})) -> ImportOptions:
        """What the importer is told; `places` says where a file lies that is no longer where it was chosen."""
        images, test, detector, ground_truth = (
            places.get(given.path, given.path) if given else None
            for given in (self.more.images, self.more.test, self.more.detector, self.more.ground_truth)
        )
        return ImportOptions(images, self.columns, test, detector, ground_truth)

    def staged(self) -> list[Path]:
        """The temporary folders of what was uploaded, the source's first."""
        files = (self.source, self.more.test, self.more.detector, self.more.ground_truth)
        return list(dict.fromkeys(given.staged for given in files if given and given.staged))
