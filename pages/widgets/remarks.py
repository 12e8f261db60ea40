"""The importer's remarks as a list to work with: how often, examples with links to their photos, where to mend it."""

from collections.abc import Iterable

import streamlit as st

from pages.widgets.explore_links import Section, photos_link, section_link
from pages.widgets.markdown import literal
from pages.widgets.visitor_paths import visitor_roots
from wildcam.counting import counted
from wildcam.data.catalog import Dataset, Mend, Remark

SECTIONS = {Mend.LABELS: Section.LABELS, Mend.SECOND_LABEL: Section.LABELS, Mend.TIME: Section.TIME}
ICONS = {Mend.SOURCE: ":material/view_column:", Mend.PHOTO_FOLDER: ":material/folder_open:"}


def draw_mendable(dataset: Dataset, remarks: Iterable[Remark]) -> None:
    """A box for every remark of a data set that was imported."""
    for remark in remarks:
        with st.container(border=True):
            st.markdown(f"**{remark.count:,} ×** {literal(remark.what)}")
            _draw_examples(dataset, remark)
            if remark.mend:
                _draw_mend(dataset, remark.mend)


def _draw_examples(dataset: Dataset, remark: Remark) -> None:
    """Each example; one that names a photo is a link to it."""
    examples = [example for example in (remark.example, *remark.more_examples) if example]
    if not examples:
        return
    ids = _ids(dataset, examples)
    st.caption("Example" if len(examples) == 1 else counted(len(examples), "example"))
    with st.container(horizontal=True, gap="small"):
        for example in examples:
            if example in ids:
                st.page_link(
                    "pages/explore/page.py",
                    label=literal(example),
                    icon=":material/image:",
                    query_params=photos_link(dataset, image=ids[example]),
                )
            else:
                st.text(example)


def _ids(dataset: Dataset, examples: list[str]) -> dict[str, str]:
    """The ids of the photos that examples name: by id, by path, or by the path found for a name (`… → path`)."""
    ends = {example.rpartition(" → ")[2]: example for example in examples}
    index = dataset.index
    found = index[index["image_id"].isin(list(ends)) | index["path"].isin(list(ends))]
    pairs = found[["image_id", "path"]].itertuples(index=False, name=None)
    return {ends[name]: image_id for image_id, path in pairs for name in (image_id, path) if name in ends}


def _draw_mend(dataset: Dataset, mend: Mend) -> None:
    if mend in SECTIONS:
        link = section_link(dataset.name, SECTIONS[mend])
        st.page_link("pages/explore/page.py", label=mend.display, icon=":material/build:", query_params=link)
        return
    info = dataset.info
    if visitor_roots().shown(info.source) != info.source:  # the address would tell a path of the server
        st.caption(f"{mend.display}: add its source again on the page Add data, under the same name.")
        return
    st.page_link(
        "pages/add/page.py",
        label=mend.display,
        icon=ICONS[mend],
        query_params={"from": "server", "source": info.source, "format": info.format},
        help="Opens the import again, to be changed and stored under the same name.",
    )
