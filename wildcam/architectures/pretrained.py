"""Pretrained ImageNet weights: which file a preset starts from, whether it is here, and how it comes here.

No framework is imported, so pages can ask. The files lie where the frameworks' own loaders would put them:
`downloads_dir/keras/models` (as with `KERAS_HOME=downloads_dir/keras`) and
`downloads_dir/torch/hub/checkpoints` (as with `TORCH_HOME=downloads_dir/torch`).
"""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlsplit

from wildcam.architectures.presets import find_preset
from wildcam.errors import RunError

KERAS_URL = "https://storage.googleapis.com/keras-applications/"
TORCH_URL = "https://download.pytorch.org/models/"
CHUNK_BYTES = 1 << 20
HEADERS = {"User-Agent": "wildcam"}

# The hashes of keras.applications.efficientnet, for the files without the top.
_KERAS_MD5 = {
    "b0": "50bc09e76180e00e4465e1a485ddc09d",
    "b1": "74c4e6b3e1f6a1eea24c589628592432",
    "b2": "111f8e2ac8aa800a7a99e3239f7bfb39",
    "b3": "af6d107764bb5b1abb91932881670226",
    "b4": "ebc24e6d6c33eaebbd558eafbeedf1ba",
    "b5": "38879255a25d3c92d5e44e04ae6cec6f",
    "b6": "9ecce42647a20130c1f39a5d4cb75743",
    "b7": "cbcfe4450ddf6f3ad90b1b398090fe4a",
}
# What fastai's `vision_learner` loads from torchvision: ResNet50_Weights.DEFAULT, which is IMAGENET1K_V2.
_RESNET50 = "resnet50-11ad3fa6.pth"


@dataclass(frozen=True)
class PretrainedFile:
    """One file of weights. `digest`: hexadecimal, of the whole file; torch's names hold its first digits only."""

    title: str
    url: str
    path: Path  # relative to downloads_dir
    digest: str
    algorithm: Literal["md5", "sha256"]


def pretrained_file(preset: str) -> PretrainedFile | None:
    """The file that this preset starts from; None where none is downloaded."""
    if find_preset(preset).packaged:
        return None
    if preset == "resnet50":
        digest = _RESNET50.removesuffix(".pth").split("-")[1]
        path = Path("torch", "hub", "checkpoints", _RESNET50)
        return PretrainedFile("ResNet-50", TORCH_URL + _RESNET50, path, digest, "sha256")
    if preset.startswith("efficientnet_"):
        variant = preset.split("_")[1]
        name = f"efficientnet{variant}_notop.h5"
        path = Path("keras", "models", name)
        return PretrainedFile(f"EfficientNet-{variant.upper()}", KERAS_URL + name, path, _KERAS_MD5[variant], "md5")
    return None


def is_cached(preset: str, downloads_dir: Path) -> bool:
    """Whether nothing needs to be fetched for this preset."""
    file = pretrained_file(preset)
    return file is None or (downloads_dir / file.path).is_file()


def can_fetch(preset: str, *, timeout_seconds: float = 3.0) -> bool:
    """Whether the file's server answers for it just now."""
    file = pretrained_file(preset)
    if file is None:
        return True
    try:
        _open(file, timeout_seconds, method="HEAD").close()
    except RunError:
        return False
    return True


def weights_available(preset: str, downloads_dir: Path) -> bool:
    """Whether a run of this preset could start from ImageNet weights: they are here, or can be fetched."""
    return is_cached(preset, downloads_dir) or can_fetch(preset)


def fetch(
    preset: str,
    downloads_dir: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    timeout_seconds: float = 30.0,
) -> Path:
    """The path of the preset's weights, fetched once, complete and with the right digest or not at all.

    `progress` gets bytes so far and bytes in all (0 where the server does not say); what it raises ends the
    download. Raises `RunError` with one sentence when the weights cannot be had.
    """
    file = pretrained_file(preset)
    if file is None:
        raise RunError(f"{preset} has no ImageNet weights. Start from random weights: --weights random")
    path = downloads_dir / file.path
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as target:
            digest = _download(file, target, progress, timeout_seconds)
        if not digest.startswith(file.digest):
            raise _refusal(file, f"{file.url} arrived with {file.algorithm} {digest}, expected {file.digest}")
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def _download(
    file: PretrainedFile,
    target: IO[bytes],
    progress: Callable[[int, int], None] | None,
    timeout_seconds: float,
) -> str:
    """Copy the file; its digest. Writing errors (a full disk) pass as they are."""
    digest = hashlib.new(file.algorithm, usedforsecurity=False)
    done = 0
    with _open(file, timeout_seconds) as answer:
        total = int(answer.headers.get("Content-Length") or 0)
        while chunk := _read(answer, file):
            target.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if progress:
                progress(done, total)
    if done < total:
        raise _refusal(file, f"{file.url} broke off after {done:,} of {total:,} bytes")
    return digest.hexdigest()


def _open(file: PretrainedFile, timeout_seconds: float, *, method: str = "GET") -> HTTPResponse:
    request = urllib.request.Request(file.url, headers=HEADERS, method=method)
    try:
        return urllib.request.urlopen(request, timeout=timeout_seconds)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise _refusal(file, f"{file.url} answered {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:  # URLError and time-outs are OSErrors
        raise _refusal(file, f"no connection to {urlsplit(file.url).netloc}") from error


def _read(answer: HTTPResponse, file: PretrainedFile) -> bytes:
    try:
        return answer.read(CHUNK_BYTES)
    except (OSError, HTTPException) as error:
        raise _refusal(file, f"the connection to {urlsplit(file.url).netloc} broke") from error


def _refusal(file: PretrainedFile, reason: str) -> RunError:
    return RunError(
        f"ImageNet weights of {file.title} cannot be fetched ({reason}). "
        "Connect once, or start from random weights: --weights random"
    )
