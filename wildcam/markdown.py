"""Text of others (labels, file names) inside Markdown."""

import re


def literal(text: str) -> str:
    """The text so that Markdown shows every character of it as it is: nothing in it is a link, a formula or an icon."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def inline(text: str) -> str:
    """The same for a document that people also read as plain text: only what makes links, images, HTML, code, formulas,
    tables or headings inside a line is escaped.
    """
    return re.sub(r"([\\`*\[\]<>&|~$#!])", r"\\\1", text)
