"""What a small file may cost is known before it is decoded."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from wildcam.data.importers import preview
from wildcam.errors import DataError, ImageError
from wildcam.images import MAX_DEEP_PIXELS, MAX_SCANS, load_rgb


def test_a_progressive_jpeg_of_hundreds_of_scans_is_not_decoded() -> None:
    content = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(content, "JPEG", progressive=True)
    plain = content.getvalue()
    assert load_rgb(plain).size == (64, 48)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageError, match=rf"scans; at most {MAX_SCANS} are read"):
        load_rgb(plain[:-2] + last * 200 + plain[-2:])


@pytest.mark.parametrize("mode", ["F", "I", "I;16"])
def test_a_small_file_of_many_deep_pixels_is_not_decoded(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    Image.new(mode, (MAX_DEEP_PIXELS // 1000 + 1, 1000)).save(content, "TIFF", compression="tiff_deflate")
    assert len(content.getvalue()) < 500_000
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="30 megapixels of more than 8 bits; at most 30 are read"):
        load_rgb(content.getvalue())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("title", ["a", "{number}"])
def test_a_header_of_a_hundred_thousand_columns_is_one_sentence(title: str, tmp_path: Path) -> None:
    table = tmp_path / "wide.csv"
    table.write_text(",".join(title.format(number=number) for number in range(100_000)) + "\n")
    with pytest.raises(DataError) as refused:
        preview(table)
    assert len(str(refused.value)) < 600


@pytest.mark.timeout(20)
def test_a_zip_of_ten_thousand_tiny_members_is_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.json", "{}")
    with pytest.raises(DataError) as refused:
        preview(tmp_path / "many.zip")
    assert len(str(refused.value)) < 600
