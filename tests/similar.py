"""A similarity index of made-up vectors, for pages and reviews."""

import numpy as np

from wildcam.data.catalog import Dataset
from wildcam.settings import Settings
from wildcam.similarity.index import SimilarityIndex, index_path, make_index, write_index
from wildcam.similarity.neighbours import groups, main_components, nearest, plane


def write_similar(settings: Settings, dataset: Dataset) -> SimilarityIndex:
    """In which photos of one label are alike."""
    codes = dataset.unreviewed["label"].cat.codes.to_numpy()
    noise = np.random.default_rng(1).normal(0, 0.1, (len(codes), 16))
    features = (np.eye(16)[codes % 16] + noise).astype(np.float32)
    vectors = main_components(features)
    index = make_index(
        dataset,
        dataset.unreviewed["image_id"],
        backbone="made up",
        unreadable=0,
        plane=plane(vectors),
        group=groups(vectors),
        nearest=nearest(vectors),
    )
    write_index(index_path(settings, dataset.name), index)
    return index
