import io

from PIL import Image

from wildcam.demo.examples import draw_examples


def test_examples_are_readable_photos_of_different_labels_and_always_the_same() -> None:
    examples = draw_examples()
    assert len({example.label for example in examples}) == len(examples) == 3
    assert "empty" in {example.label for example in examples}
    for example in examples:
        with Image.open(io.BytesIO(example.jpeg)) as photo:
            photo.load()
    assert examples == draw_examples()
