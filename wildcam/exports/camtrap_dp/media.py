"""The table of media of a Camtrap DP: a row an image."""

from pathlib import Path

import pandas as pd

from wildcam.exports.camtrap_dp.columns import MEDIA

_ESCAPES = {"%": "%25", "..": "%2E%2E", "\n": "%0A", "\r": "%0D"}
_MEDIA_TYPES = {
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}


def media_table(timed: pd.DataFrame) -> pd.DataFrame:
    """`columns.MEDIA` of images with a deployment and a timestamp."""
    suffixes = timed["path"].map(lambda path: Path(path).suffix.lower())
    return pd.DataFrame(
        {
            "mediaID": timed["image_id"],
            "deploymentID": timed["deployment"],
            "captureMethod": "activityDetection",
            "timestamp": timed["timestamp"],
            "filePath": timed["path"].map(escaped),
            "filePublic": "false",
            "fileName": timed["path"].map(lambda path: Path(path).name),
            "fileMediatype": suffixes.map(_MEDIA_TYPES).fillna("image/jpeg"),
            "mediaComments": timed["failure"],
        }
    ).reindex(columns=list(MEDIA))


def escaped(path: str) -> str:
    """A path as the schema requires it, without `..`, line breaks, or a dot, slash or tilde before it."""
    for sign, code in _ESCAPES.items():
        path = path.replace(sign, code)
    return f"%{ord(path[0]):02X}{path[1:]}" if path.startswith((".", "/", "~")) else path
