"""Names inside a document of Markdown."""

import re

from wildcam.markdown import inline


def test_names_make_no_link_image_html_code_or_formula_and_stay_readable() -> None:
    hostile = "![i](https://x) <img src=x> `code` $x$ a|b #1"
    escaped = inline(hostile)
    assert escaped.replace("\\", "") == hostile
    assert not re.search(r"(?<!\\)[\[\]<>`$|!#]", escaped)
    assert inline("park-empty + park_species: 2.0 (95 % CI)") == "park-empty + park_species: 2.0 (95 % CI)"
