"""The page of screenshots: all that `make screenshots` left."""

from pathlib import Path

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"


def screenshots_page() -> str:
    """Every screenshot under its title, by name; Markdown."""
    text = [
        "# Screenshots\n",
        "Every page of the app with demo data, made from the running app by `make screenshots`.\n",
    ]
    for path in sorted(SCREENSHOTS.glob("*.png")):
        title = path.stem.lstrip("0123456789-").replace("_", " ").capitalize()
        text.append(f"## {title}\n\n![The page {title}](screenshots/{path.name})\n")
    return "\n".join(text)
