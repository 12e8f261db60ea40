"""Folders and limits, read from the environment in one place."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from wildcam.changed import changed

PROJECT_DIR = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (PROJECT_DIR / "app.py").is_file()
"""Whether the package lies in the repository, beside the web app; if not, it was installed without it."""

_HOME = (PROJECT_DIR if IS_CHECKOUT else Path.home()) / ".wildcam"


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix `WILDCAM_`."""

    model_config = SettingsConfigDict(env_prefix="WILDCAM_", frozen=True)

    home: Path = Field(_HOME, description="Everything the app writes.")
    models: Path = Field(
        PROJECT_DIR / "models" if IS_CHECKOUT else _HOME / "models", description="Model bundles that can be served."
    )
    empty_model: str = Field("", description="Stage 1 where no model is chosen; empty takes the newest real pair.")
    species_model: str = Field("", description="Stage 2 where no model is chosen; empty takes the newest real pair.")
    slots: int = Field(1, ge=1, description="Runs that may compute at the same time.")
    tracking: str = Field("", description="MLflow tracking URI; empty for a SQLite file in the home.")
    pixel_cache_gb: float = Field(20, ge=0, description="Disk for decoded photos, in 10⁹ bytes; 0 keeps none.")

    feature_cache_gb: float = Field(5, ge=0, description="Disk for features of frozen backbones, in 10⁹ bytes.")

    @property
    def datasets_dir(self) -> Path:
        """One folder a data set: `dataset.json` and `index.parquet`."""
        return self.home / "datasets"

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
        return self.tracking or f"sqlite:///{self.home.absolute() / 'mlflow.db'}"


def load_settings() -> Settings:
    """The settings of this process, with absolute folders."""
    settings = Settings()
    home, models = settings.home.expanduser().absolute(), settings.models.expanduser().absolute()
    return changed(settings, home=home, models=models)
