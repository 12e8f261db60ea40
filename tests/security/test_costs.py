"""What a small file may cost is known before it is decoded."""

import io

import pytest
from PIL import Image

from wildcam.errors import ImageError
from wildcam.images import MAX_SCANS, load_rgb


def test_a_progressive_jpeg_of_hundreds_of_scans_is_not_decoded() -> None:
    content = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(content, "JPEG", progressive=True)
    plain = content.getvalue()
    assert load_rgb(plain).size == (64, 48)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageError, match=rf"scans; at most {MAX_SCANS} are read"):
        load_rgb(plain[:-2] + last * 200 + plain[-2:])
