import pytest

from wildcam.counted import counted


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (0, "photo", "0 photos"),
        (1, "class", "1 class"),
        (2, "class", "2 classes"),
        (1200, "photo", "1,200 photos"),
        (1, "location", "1 location"),
        (2, "batch", "2 batches"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words
