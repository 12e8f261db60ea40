import pytest

from wildcam.data.credits import Credit, load_credits, read_credits, save_credits
from wildcam.data.importers import import_dataset
from wildcam.errors import DataError


@pytest.fixture
def dataset(tmp_path):
    (tmp_path / "photos" / "farm").mkdir(parents=True)
    (tmp_path / "photos" / "table.csv").write_text("path,label\nfarm/1.jpg,fox\n")
    return import_dataset(tmp_path / "datasets", tmp_path / "photos" / "table.csv", name="trip")


def test_credits_come_back_as_they_were_given(dataset, tmp_path):
    table = tmp_path / "credits.csv"
    table.write_text("folder,source,locations,licence,url\nfarm,a farm,2,CC-BY-4.0,https://farm.example\n")
    assert load_credits(dataset) == ()
    save_credits(dataset, read_credits(table))
    assert load_credits(dataset) == (
        Credit(folder="farm", source="a farm", locations=2, licence="CC-BY-4.0", url="https://farm.example"),
    )


def test_a_folder_without_photos_is_refused(dataset):
    with pytest.raises(DataError, match="No photo of the data set trip is in a folder 'forest'; its folders are farm"):
        save_credits(dataset, [Credit(folder="forest", source="a forest", locations=1, licence="MIT")])


@pytest.mark.parametrize(
    ("row", "wrong"),
    [("farm,a farm,many,MIT,", "line 2: locations"), ("farm,a farm,-1,MIT,", "line 2: locations")],
    ids=["text", "negative"],
)
def test_a_line_that_does_not_fit_is_named(tmp_path, row, wrong):
    table = tmp_path / "credits.csv"
    table.write_text(f"folder,source,locations,licence,url\n{row}\n")
    with pytest.raises(DataError, match=wrong):
        read_credits(table)


def test_a_table_of_excel_is_read_and_a_missing_one_is_a_sentence(tmp_path):
    table = tmp_path / "credits.csv"
    table.write_text("folder,source,locations,licence\nfarm,café,2,MIT\n", encoding="utf-8-sig")
    assert [credit.source for credit in read_credits(table)] == ["café"]
    with pytest.raises(DataError, match="cannot be read"):
        read_credits(tmp_path / "none.csv")


def test_a_damaged_file_is_no_empty_one(dataset):
    (dataset.folder / "credits.json").write_text("[{]")
    with pytest.raises(DataError, match="is damaged"):
        load_credits(dataset)
