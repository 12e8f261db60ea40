"""The process that finds what is alike in a data set: `python -m wildcam.similarity.worker RUN_ID`."""

import sys
import time
from collections.abc import Callable

import numpy as np

from wildcam.counting import counted
from wildcam.data.catalog import Status, open_dataset
from wildcam.errors import DataError
from wildcam.runs.eta import EtaEstimator
from wildcam.runs.facts import SimilarityFacts
from wildcam.runs.job import Job, Stopped
from wildcam.runs.run_job import run_job
from wildcam.similarity.index import index_path, make_index, write_index
from wildcam.similarity.neighbours import groups, main_components, nearest, plane
from wildcam.similarity.submit import SimilarityRequest
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.probe_backend.backbone_graph import backbone_of
from wildcam.training.probe_backend.features import FeatureExtractor
from wildcam.training.recipe import Recipe

FEWEST = 3
"""Photos that neighbours can be found among."""


def find_similar(job: Job) -> None:
    """Compute the features that are missing, then neighbours, a map and groups. What was computed is kept."""
    settings = job.settings
    dataset = open_dataset(settings.datasets_dir, SimilarityRequest.model_validate(job.run.params).dataset)
    recipe = Recipe.of(dataset.name, "probe")
    graph = backbone_of(recipe, settings.weights_dir, lambda text: _phase(job, text))
    rows = dataset.unreviewed[dataset.unreviewed["status"].isin([Status.OK])]
    paths = [dataset.image_path(path) for path in rows["path"]]
    with (
        PixelCache(settings.pixels_dir, settings.pixel_cache_bytes) as pixels,
        PixelCache(settings.features_dir, settings.feature_cache_bytes) as kept,
    ):
        images = ImageSet(paths, recipe.image_size, pixels)
        images.present(progress=_progress(job, "looking for the files"))
        features = FeatureExtractor(graph, kept).extract(images, progress=_progress(job, "computing features"))
    decoded = np.isfinite(features).all(axis=1)
    if decoded.sum() < FEWEST:
        raise DataError(
            f"Of {counted(len(features), 'photo')} {int(decoded.sum()):,} can be read: too few to compare. Check the "
            "data set's folder."
        )
    _phase(job, "comparing the photos")
    vectors = main_components(features[decoded])
    index = make_index(
        dataset,
        rows["image_id"][decoded],
        backbone=graph.identity,
        unreadable=int((~decoded).sum()),
        plane=plane(vectors),
        group=groups(vectors),
        nearest=nearest(vectors, progress=_progress(job, "finding neighbours")),
    )
    write_index(index_path(settings, dataset.name), index)
    job.write_facts(SimilarityFacts(images=len(index.image_ids), unreadable=index.info.unreadable))


def _phase(job: Job, text: str) -> None:
    if job.stop_requested():
        raise Stopped
    job.report(phase=text, step=0, steps=0)


def _progress(job: Job, phase: str) -> Callable[[int, int], None]:
    """Reports how far a phase is, and raises `Stopped` where a stop is requested."""
    eta = EtaEstimator()

    def report(done: int, total: int) -> None:
        if job.stop_requested():
            raise Stopped
        job.report(phase=phase, step=done, steps=total, seconds_left=eta.seconds_left(time.monotonic(), done, total))

    return report


if __name__ == "__main__":
    sys.exit(run_job(sys.argv[1], find_similar))
