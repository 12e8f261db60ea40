"""Neighbours are exact, the plane keeps what differs most, groups are what lies together."""

import numpy as np
import pytest

from wildcam.similarity.neighbours import COMPONENTS, groups, main_components, nearest, plane


@pytest.fixture
def features() -> np.ndarray:
    """Three heaps of 50 vectors with 300 features."""
    random = np.random.default_rng(3)
    centres = random.normal(0, 5, (3, 300))
    return np.concatenate([centre + random.normal(0, 1, (50, 300)) for centre in centres]).astype(np.float32)


def test_components_have_length_one_and_are_few(features: np.ndarray) -> None:
    vectors = main_components(features)
    assert vectors.shape == (150, COMPONENTS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_the_nearest_are_those_of_a_search_by_hand(features: np.ndarray) -> None:
    vectors = main_components(features)
    positions, similarities = nearest(vectors, 5)
    every = vectors @ vectors.T
    np.fill_diagonal(every, -np.inf)
    assert (positions == np.argsort(-every, axis=1)[:, :5]).all()
    assert np.allclose(similarities, np.sort(every, axis=1)[:, ::-1][:, :5], atol=1e-6)
    assert (positions // 50 == np.arange(150)[:, None] // 50).all()


def test_it_is_done_in_blocks_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch, features: np.ndarray) -> None:
    whole = nearest(main_components(features), 5)
    monkeypatch.setattr("wildcam.similarity.neighbours._BLOCK", 40)
    done: list[int] = []
    in_blocks = nearest(main_components(features), 5, lambda now, total: done.append(now))
    assert (whole[0] == in_blocks[0]).all()
    assert done == [40, 80, 120, 150]


def test_few_photos_have_as_many_neighbours_as_there_are() -> None:
    positions, _ = nearest(main_components(np.eye(3, 8, dtype=np.float32)))
    assert positions.shape == (3, 2)


def test_heaps_are_apart_in_the_plane(features: np.ndarray) -> None:
    flat = plane(main_components(features))
    centres = flat.reshape(3, 50, 2).mean(axis=1)
    spread = flat.reshape(3, 50, 2).std(axis=1).max()
    assert min(np.linalg.norm(centres[i] - centres[j]) for i, j in ((0, 1), (0, 2), (1, 2))) > 2 * spread


def test_groups_are_numbered_by_size(features: np.ndarray) -> None:
    found = groups(main_components(np.concatenate([features[:50], features[50:80], features[100:110]])))
    sizes = np.bincount(found)
    assert (np.diff(sizes) <= 0).all()
    assert len(set(found[:50])) <= 2
