"""The demo as a data set: drawn, then imported like any other source."""

import shutil
from collections.abc import Callable

from wildcam.data.catalog import Dataset, damaged_datasets
from wildcam.data.importers import ImportOptions, import_dataset
from wildcam.demo import generate_demo
from wildcam.errors import UsageError
from wildcam.settings import Settings

DEMO_NAME = "demo"


def make_demo_dataset(
    settings: Settings,
    *,
    images: int = 3000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """Draw the demo's images into the home and import them as the data set `demo`.

    Images without a data set are left over from a deleted one: they are drawn again.
    Raises `UsageError` where the data set exists.
    """
    if DEMO_NAME in (damaged := damaged_datasets(settings.datasets_dir)):
        raise UsageError(damaged[DEMO_NAME])
    if (settings.datasets_dir / DEMO_NAME).exists():
        raise UsageError(f"The data set {DEMO_NAME!r} exists: delete it first (data delete {DEMO_NAME}).")
    folder = settings.home / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    source = generate_demo(folder, images=images, seed=seed, progress=progress)
    options = ImportOptions(
        test_source=source.test_json, detector=source.megadetector_json, ground_truth=source.ground_truth_csv
    )
    return import_dataset(settings.datasets_dir, source.train_json, name=DEMO_NAME, options=options, is_demo=True)
