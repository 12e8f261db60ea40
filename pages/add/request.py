"""Add data: the request for an import."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pages.add.files import SourceFile
from pages.add.more_files import MoreFiles
from wildcam.data.folder_levels import FolderLevel
from wildcam.data.importers import ColumnMap, ImportOptions


@dataclass(frozen=True)
class ImportRequest:
    """Everything that the import needs."""

    source: SourceFile
    format: str
    columns: ColumnMap | None
    more: MoreFiles
    levels: tuple[FolderLevel, ...] | None = None

    @property
    def has_images(self) -> bool:
        """Whether there is a folder with the images: an uploaded metadata file has none."""
        source = self.source
        return source.staged is None or source.with_photos or self.more.images is not None

    def options(self, moved: Mapping[Path, Path] = MappingProxyType({})) -> ImportOptions:
        """The importer's options. `moved`: the new paths of files that were moved since they were chosen."""
        images, test, detector, ground_truth = (
            moved.get(file.path, file.path) if file else None
            for file in (self.more.images, self.more.test, self.more.detector, self.more.ground_truth)
        )
        return ImportOptions(images, self.columns, test, detector, ground_truth, self.levels)

    def staged(self) -> list[Path]:
        """The temporary folders of what was uploaded, the source's first."""
        files = (self.source, self.more.test, self.more.detector, self.more.ground_truth)
        return list(dict.fromkeys(file.staged for file in files if file and file.staged))
