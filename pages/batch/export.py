"""Batch: export to other programs' formats."""

import tempfile
from operator import attrgetter
from pathlib import Path

import streamlit as st
from pydantic import ValidationError

from pages.widgets.markdown import literal
from pages.widgets.shown_photo import sees_people
from pages.widgets.visitor_paths import visitor_roots
from wildcam.counting import counted
from wildcam.data.importers.names_table import read_names
from wildcam.errors import UsageError, WildcamError
from wildcam.exports.camtrap_dp.write import about_times, left_out_of_camtrap_dp
from wildcam.exports.formats import FORMATS, Format, export
from wildcam.exports.options import ExportOptions, PeopleInPhotos, Transfer
from wildcam.predictions.batches import Batch, categories_of, deployments_of_batch, names_of_batch
from wildcam.settings import load_settings
from wildcam.spreadsheet import to_csv


def draw_export(batch: Batch) -> None:
    with st.expander("Export", icon=":material/download:"):
        chosen = st.selectbox(
            "Format",
            list(Format),
            format_func=lambda slug: f"{Format(slug).display}: {FORMATS[slug].help}",
            key="batch_format",
        )
        format = Format(chosen or Format.CSV)
        try:
            if format is Format.FOLDERS:
                _draw_folders(batch)
            else:
                _draw_file(batch, format)
        except WildcamError as error:
            st.error(literal(str(error)), icon=":material/error:")


def _draw_file(batch: Batch, format: Format) -> None:
    with tempfile.TemporaryDirectory() as folder:
        already_said = _draw_left_out(batch) if format is Format.CAMTRAP_DP else ""
        options = _choose_options(batch, format, Path(folder))
        if options is None or not st.button("Create file", icon=":material/draft:", key="batch_write"):
            return
        written = export(
            format, batch.reviewed_table(), batch.metadata, Path(folder, f"out{FORMATS[format].suffix}"), options
        )
        for remark in written.remarks:
            if remark != already_said:
                st.warning(literal(remark), icon=":material/warning:")
        st.download_button(
            f"Download {counted(written.images, 'prediction')}",
            written.path.read_bytes(),
            f"{batch.run.name}-{format}{FORMATS[format].suffix}",
            key="batch_download",
            on_click="ignore",
            type="primary",
            icon=":material/download:",
        )


def _draw_left_out(batch: Batch) -> str:
    """What the package cannot hold, before it is written: returns the sentence that is shown, "" for none."""
    left_out = left_out_of_camtrap_dp(batch.reviewed_table())
    if left_out.empty:
        return ""
    sentence = about_times(left_out)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(literal(sentence), icon=":material/schedule:")
        st.download_button(
            "List them",
            to_csv(left_out[["image_id", "path", "location"]]),
            f"{batch.run.name}-without-time.csv",
            key="batch_without_time",
            on_click="ignore",
        )
    return sentence


def _choose_options(batch: Batch, format: Format, folder: Path) -> ExportOptions | None:
    """The options of the format; None while they are incomplete."""
    if format is Format.CAMTRAP_DP:
        return _choose_camtrap_dp(batch, folder)
    if format is Format.KAGGLE:
        sample = st.file_uploader("The competition's sample_submission.csv", ["csv"], key="batch_sample")
        if sample is None:
            return None
        (folder / "sample.csv").write_bytes(sample.getvalue())
        return ExportOptions(sample=folder / "sample.csv", categories=categories_of(batch, load_settings()))
    stored = deployments_of_batch(batch, load_settings())
    mark = format is Format.CSV and st.checkbox("Byte-order mark, for Excel", key="batch_mark")
    return ExportOptions(deployments=stored, byte_order_mark=mark)


def _choose_camtrap_dp(batch: Batch, folder: Path) -> ExportOptions:
    left, right = st.columns(2)
    zone = left.text_input("Time zone of the cameras", placeholder="Africa/Nairobi", key="batch_zone")
    title = right.text_input("Project title", "Camera-trap survey", key="batch_title")
    latitude = left.number_input("Latitude of all locations", -90.0, 90.0, None, format="%.5f", key="batch_latitude")
    longitude = right.number_input(
        "Longitude of all locations", -180.0, 180.0, None, format="%.5f", key="batch_longitude"
    )
    stored = deployments_of_batch(batch, load_settings())
    table = st.file_uploader(
        "Table of deployments (CSV): location, latitude, longitude, and more of Camtrap DP's columns",
        ["csv"],
        key="batch_places",
        help="`python -m wildcam data deployments NAME --write FILE.csv` writes the table to fill in.",
    )
    if table is not None:
        (folder / "deployments.csv").write_bytes(table.getvalue())
    elif stored:
        st.caption("The table of deployments that is stored with the data set is used.")
    names = names_of_batch(batch, load_settings())
    table_of_names = st.file_uploader(
        "Names (CSV): label, scientific_name, common_name",
        ["csv"],
        key="batch_names",
        help="Without it, the names that are stored with the data set: Explore, Species, Labels.",
    )
    if table_of_names is not None:
        (folder / "names.csv").write_bytes(table_of_names.getvalue())
        names = read_names(folder / "names.csv")
    try:
        return ExportOptions(
            time_zone=zone.strip(),
            latitude=latitude,
            longitude=longitude,
            project_title=title,
            deployments=folder / "deployments.csv" if table is not None else stored,
            names=names,
        )
    except ValidationError as error:
        raise UsageError.of(error) from error


def _draw_folders(batch: Batch) -> None:
    target = st.text_input("New folder on the server", placeholder="/data/sorted", key="batch_target")
    transfer = st.radio(
        "Photos", list(Transfer), format_func=attrgetter("display"), horizontal=True, key="batch_transfer"
    )
    people = st.selectbox(
        "Photos that show people",
        [choice for choice in PeopleInPhotos if choice is not PeopleInPhotos.KEEP or sees_people()],
        format_func=attrgetter("display"),
        key="batch_people",
        help="By a label, a detector, an answer or a correction.",
    )
    if st.button("Create folder", icon=":material/folder_copy:", key="batch_fill", disabled=not target.strip()):
        written = export(
            Format.FOLDERS,
            batch.reviewed_table(),
            batch.metadata,
            visitor_roots().path(target.strip()),
            ExportOptions(transfer=transfer, people=people),
        )
        st.success(literal(f"{counted(written.images, 'photo')} written to {target.strip()}."), icon=":material/check:")
        for remark in written.remarks:
            st.warning(literal(remark), icon=":material/warning:")
