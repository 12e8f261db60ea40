"""Terms explained where they are used."""

from wildcam.glossary import Term, find_term


def glossary_help(slug: str) -> str:
    """The text of a help icon: the term in one line, and a link to the page Glossary. Raises `UsageError`."""
    return f"{describe_term(find_term(slug))}\n\n{glossary_link(slug)}"


def glossary_link(slug: str, text: str = "Glossary") -> str:
    """A link to the term, as Markdown; it holds wherever the app is served. Raises `UsageError`."""
    find_term(slug)
    return f"[{text}](glossary?term={slug})"


def describe_term(term: Term) -> str:
    """Text, formula and source, as Markdown."""
    formula = f" `{term.formula}`" if term.formula else ""
    source = f" *({term.source})*" if term.source else ""
    return f"{term.text}{formula}{source}"
