"""How well a probe does on real photos that its head never saw: other blocks of frames, and whole other sources.

Uses the product's own features, head and choice of the strength; see docs/real_photos.md.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, roc_auc_score

from bench.knowledge import PHOTOS
from wildcam.architectures.presets import DEFAULT_BACKBONE
from wildcam.data.labels import LabelRole, role_by_name
from wildcam.evaluation.metrics import balanced_accuracy, macro_f1
from wildcam.settings import load_settings
from wildcam.training.inputs.image_set import ImageSet
from wildcam.training.inputs.pixel_cache import PixelCache
from wildcam.training.probe_backend.backbone_graph import backbone_graph
from wildcam.training.probe_backend.cross_validation import HeadSpec, cross_validate
from wildcam.training.probe_backend.features import FeatureExtractor
from wildcam.training.probe_backend.head import LinearHead
from wildcam.training.recipe import ImbalanceStrategy

IMAGE_SIZE = 224
BLOCK, SEEDS, HELD_OUT = 50, 5, 0.25
LEAST_CLASS = 10
"""Photos of a source's rarer class below which its AUC says nothing."""

SAME_SOURCE = {
    "iwildcam2019_cct": "caltech",
    "cct20_terra": "caltech",
    "caltech_full": "caltech",
    "chicago_offline": "chicago",
    "chicago_guide": "chicago",
}
"""Folders of one collection: left out together."""


@dataclass(frozen=True)
class Photos:
    """Photos with a usable label, and their features."""

    folders: NDArray[np.str_]  # (N,)
    numbers: NDArray[np.int64]  # (N,): of the frame, from the file's name
    labels: NDArray[np.str_]  # (N,)
    features: NDArray[np.float32]  # (N, F)

    def chosen(self, rows: NDArray[np.bool_]) -> "Photos":
        return Photos(self.folders[rows], self.numbers[rows], self.labels[rows], self.features[rows])


def main() -> None:
    if not (PHOTOS / "labels.csv").exists():
        print(f"no real photos at {PHOTOS} (WILDCAM_PHOTOS): not measured")
        return
    photos = _load()
    print(f"{len(photos.labels):,} photos with a usable label")
    _frame_blocks(photos.chosen(np.array([folder == "mlwic_examples" for folder in photos.folders])))
    _left_out_sources(photos)


def _load() -> Photos:
    with (PHOTOS / "labels.csv").open(newline="") as file:
        labelled = [row for row in csv.DictReader(file) if row["label"]]
    rows = [row for row in labelled if role_by_name(row["label"]) is not LabelRole.OTHER]
    settings = load_settings()
    graph = backbone_graph(settings.weights_dir / "backbones", DEFAULT_BACKBONE, IMAGE_SIZE)
    with PixelCache(settings.features_dir, settings.feature_cache_bytes) as cache:
        images = ImageSet([PHOTOS / row["path"] for row in rows], IMAGE_SIZE)
        features = FeatureExtractor(graph, cache).extract(images)
    found = Photos(
        np.array([row["path"].split("/")[0] for row in rows]),
        np.array([int((re.findall(r"\d+", row["path"]) or ["0"])[-1]) for row in rows]),
        np.array([row["label"] for row in rows]),
        features,
    )
    return found.chosen(np.asarray(np.isfinite(features).all(axis=1)))


def _frame_blocks(photos: Photos) -> None:
    """Blocks of 50 consecutive frames stay whole; a quarter of them is held out."""
    order = np.argsort(photos.numbers, kind="stable")
    blocks = np.empty(len(order), np.int64)
    blocks[order] = np.arange(len(order)) // BLOCK
    aucs, balanced, accuracies, f1s = [], [], [], []
    is_animal = photos.labels != "empty"
    for seed in range(SEEDS):
        drawn = np.random.default_rng(seed).permutation(blocks.max() + 1)
        test = np.isin(blocks, drawn[: round(HELD_OUT * len(drawn))])
        answers = _answers(photos, is_animal.astype(np.int64), blocks, ~test, test, _loss, seed)
        aucs.append(roc_auc_score(is_animal[test], answers[:, 1]))
        balanced.append(balanced_accuracy(is_animal[test].astype(np.int64), answers.argmax(axis=1)))
        names, targets = np.unique(photos.labels, return_inverse=True)
        train, asked = ~test & is_animal, test & is_animal
        asked &= np.isin(targets, targets[train])  # a class without a training photo cannot be predicted
        predicted = _answers(photos, targets, blocks, train, asked, _f1, seed).argmax(axis=1)
        accuracies.append(accuracy_score(targets[asked], predicted))
        f1s.append(macro_f1(targets[asked], predicted))
    print(f"mlwic_examples, {len(photos.labels):,} photos, blocks of {BLOCK} frames, {SEEDS} seeds:")
    for title, values in (
        ("AUC, empty or animal", aucs),
        ("balanced accuracy", balanced),
        ("species accuracy", accuracies),
        ("species macro-F1", f1s),
    ):
        print(f"  {title:<24}mean {np.mean(values):.3f}   {' '.join(f'{value:.3f}' for value in values)}")


def _left_out_sources(photos: Photos) -> None:
    """Each source is answered for by a head that learned from all others."""
    sources = np.array([SAME_SOURCE.get(folder, folder) for folder in photos.folders])
    is_animal = (photos.labels != "empty").astype(np.int64)
    aucs = {}
    for source in np.unique(sources):
        test = sources == source
        if min(is_animal[test].sum(), (1 - is_animal[test]).sum()) < LEAST_CLASS:
            continue
        answers = _answers(photos, is_animal, sources, ~test, test, _loss, 0, balance_groups=True)
        aucs[f"{source} ({test.sum()})"] = roc_auc_score(is_animal[test], answers[:, 1])
    print(f"whole sources left out, those with {LEAST_CLASS} or more photos of either class:")
    print(f"  AUC, empty or animal    mean {np.mean(list(aucs.values())):.3f}")
    for name, auc in aucs.items():
        print(f"    {name:<32}{auc:.3f}")


def _answers(
    photos: Photos,
    targets: NDArray[np.int64],
    groups: NDArray,
    train: NDArray[np.bool_],
    test: NDArray[np.bool_],
    goodness: Callable[[NDArray[np.int64], NDArray[np.float32]], float],
    seed: int,
    *,
    balance_groups: bool = False,
) -> NDArray[np.float32]:
    """Probabilities of the test photos; the strength is chosen by cross-validation within those of training."""
    spec = HeadSpec(
        photos.features[train],
        targets[train],
        groups[train].astype(str).astype(object),
        int(targets.max()) + 1,
        ImbalanceStrategy.BALANCED,
        balance_groups,
    )
    validated = cross_validate(spec, 3, seed)
    scores = [goodness(spec.targets[validated.known], own[validated.known]) for own in validated.probabilities]
    head: LinearHead = spec.fit(np.arange(len(spec.targets)))[int(np.argmax(scores))]
    return head.probabilities(photos.features[test])


def _loss(targets: NDArray[np.int64], probabilities: NDArray[np.float32]) -> float:
    return float(np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-12)).mean())


def _f1(targets: NDArray[np.int64], probabilities: NDArray[np.float32]) -> float:
    return macro_f1(targets, probabilities.argmax(axis=1))


if __name__ == "__main__":
    main()
