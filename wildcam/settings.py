"""Folders and limits, read from the environment in one place."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from wildcam.changed import changed
from wildcam.choice import Choice
from wildcam.sqlite_uris import sqlalchemy_uri

PROJECT_DIR = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (PROJECT_DIR / "app.py").is_file()
"""Whether the package lies in the repository, beside the web app; if not, it was installed without it."""

SHIPPED_MODELS_DIR = PROJECT_DIR / "models"
"""The models that came with WildCam; read only."""

SESSION_COOKIE = "wildcam_session"

HOST_VARIABLE, PORT_VARIABLE = "WILDCAM_SERVE_HOST", "WILDCAM_SERVE_PORT"
PATH_VARIABLE, METRICS_VARIABLE = "WILDCAM_SERVE_PATH", "WILDCAM_SERVE_METRICS"
"""What `wildcam serve` was asked for, for the server that it starts: where it listens, below which path of a site, and
the port of health and metrics."""

LOOPBACK = "127.0.0.1"

_HOME = (PROJECT_DIR if IS_CHECKOUT else Path.home()) / ".wildcam"


class LoginMode(Choice):
    """How a visitor shows who it is."""

    NONE = "none", "No login"
    ACCOUNTS = "accounts", "Accounts of this server"
    OIDC = "oidc", "An identity provider"


class BlurPeople(Choice):
    """For whom photos that show people are blurred on the pages."""

    VIEWERS = "viewers", "Viewers"
    EVERYBODY = "everybody", "Everybody"


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix `WILDCAM_`."""

    model_config = SettingsConfigDict(env_prefix="WILDCAM_", frozen=True)

    home: Path = Field(_HOME, description="Everything the app writes.")
    models: Path | None = Field(
        None, description="One folder for all models, in place of the home's and of those that came with WildCam."
    )
    data_roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        (),
        description="Folders, separated by `:`, in which visitors of the pages may name files. Without it: everything "
        "that the server's user may read where the app listens on this machine alone, else nothing but uploads.",
    )
    slots: int = Field(1, ge=1, description="Trainings that may compute at the same time.")
    light_slots: int = Field(
        1, ge=1, description="Batches and file checks that may compute at the same time, beside the trainings."
    )
    tracking: str = Field("", description="MLflow tracking URI; empty for a SQLite file in the home.")
    login: LoginMode | None = Field(
        None, description="Who must log in: none, accounts, oidc; if not set, accounts once there is one."
    )
    blur_people: BlurPeople = Field(
        BlurPeople.VIEWERS,
        description="For whom photos that show people are blurred on the pages: viewers (and whoever reaches a server "
        "without a login), or everybody.",
    )
    pixel_cache_gb: float = Field(20, ge=0, description="Disk for decoded photos, in 10⁹ bytes; 0 keeps none.")

    feature_cache_gb: float = Field(5, ge=0, description="Disk for features of frozen backbones, in 10⁹ bytes.")

    quota_disk: float | None = Field(
        None,
        ge=0,
        description="Disk that one person's uploads, data sets and runs may take, in 10⁹ bytes; admins may exceed it. "
        "If not set, there is no limit.",
    )
    quota_runs: int | None = Field(
        None, ge=0, description="Runs of one person that may wait in the queues; admins may exceed it."
    )

    notify_url: str = Field("", description="Where the end of every run is posted as JSON; empty: nowhere.")

    @field_validator("data_roots", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    def as_environment(self) -> dict[str, str]:
        """The variables from which another process reads the same settings."""
        given = {name: value for name, value in self if value is not None}
        texts = {
            name: os.pathsep.join(map(str, value)) if isinstance(value, tuple) else str(value)
            for name, value in given.items()
        }
        return {f"WILDCAM_{name.upper()}": text for name, text in texts.items()}

    @property
    def datasets_dir(self) -> Path:
        """One folder a data set: `dataset.json` and `index.parquet`."""
        return self.home / "datasets"

    @property
    def own_models_dir(self) -> Path:
        """Where promoted models are written."""
        return self.models or self.home / "models"

    @property
    def model_dirs(self) -> tuple[Path, ...]:
        """Where models are looked for, the user's first; those that came with WildCam are never written to."""
        if self.models or not IS_CHECKOUT:
            return (self.own_models_dir,)
        return (self.own_models_dir, SHIPPED_MODELS_DIR)

    @property
    def runs_dir(self) -> Path:
        """One folder a run: lock, log, progress, checkpoints, results."""
        return self.home / "runs"

    @property
    def cache_dir(self) -> Path:
        """What may be deleted at any time: thumbnails, decoded images, downloads."""
        return self.home / "cache"

    @property
    def weights_dir(self) -> Path:
        """Pretrained weights, as the frameworks' own loaders would keep them."""
        return self.cache_dir / "weights"

    @property
    def pixels_dir(self) -> Path:
        """Images as models of some image size get them: `training.pixel_cache`."""
        return self.cache_dir / "pixels"

    @property
    def pixel_cache_bytes(self) -> int:
        """What `pixels_dir` may take."""
        return int(self.pixel_cache_gb * 1e9)

    @property
    def features_dir(self) -> Path:
        """Feature vectors of frozen backbones: `training.probe_backend.features`."""
        return self.cache_dir / "features"

    @property
    def feature_cache_bytes(self) -> int:
        """What `features_dir` may take."""
        return int(self.feature_cache_gb * 1e9)

    @property
    def tracking_uri(self) -> str:
        """Where MLflow keeps parameters and curves."""
        return self.tracking or sqlalchemy_uri(self.home / "mlflow.db")


def load_settings() -> Settings:
    """The settings of this process, with absolute folders. Pages ask for every photo, so they are read once."""
    names = sorted(name for name in os.environ if name.upper().startswith("WILDCAM_"))
    return _read_settings(tuple((name, os.environ[name]) for name in names), os.getcwd())


@lru_cache(maxsize=8)
def _read_settings(environment: tuple[tuple[str, str], ...], folder: str) -> Settings:
    """`environment` and `folder` are all that the settings depend on."""
    settings = Settings()
    models = settings.models.expanduser().absolute() if settings.models else None
    roots = tuple(folder.expanduser().absolute() for folder in settings.data_roots)
    return changed(settings, home=settings.home.expanduser().absolute(), models=models, data_roots=roots)
