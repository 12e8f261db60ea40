"""Text of others (labels, file names) inside Markdown."""

import re


def literal(text: str) -> str:
    """The text so that Markdown shows every character of it as it is: nothing in it is a link, a formula or an icon."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
