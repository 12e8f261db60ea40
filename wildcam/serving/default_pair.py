"""The models that a person chose for identification, by name: `default.json` beside the promoted models."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from wildcam import atomic

_FILE = "default.json"


class DefaultPair(BaseModel):
    """Names of the chosen models; empty where none was chosen for the stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    empty: str = ""
    species: str = ""


def read_default(models_dir: Path) -> DefaultPair:
    """What was chosen; nothing where the file is missing, or `is_damaged`."""
    try:
        return DefaultPair.model_validate_json((models_dir / _FILE).read_bytes())
    except (OSError, ValidationError):
        return DefaultPair()


def is_damaged(models_dir: Path) -> bool:
    """Whether somebody chose, and the choice cannot be read any more."""
    return (models_dir / _FILE).exists() and read_default(models_dir) == DefaultPair()


def write_default(models_dir: Path, pair: DefaultPair) -> None:
    """Keep the choice."""
    models_dir.mkdir(parents=True, exist_ok=True)
    atomic.write_json(models_dir / _FILE, pair)
