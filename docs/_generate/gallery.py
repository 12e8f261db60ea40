"""The page of screenshots: all that `make screenshots` left."""

from pathlib import Path

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"


def screenshots_page() -> str:
    """Every screenshot under its title, by name; Markdown."""
    text = [
        "# Screenshots\n",
        "Every page of the app with demo data, made from the running app by `make screenshots`.\n",
        "![A walk from the first screen to an evaluation](screenshots/walk.gif)\n",
    ]
    for path in sorted(SCREENSHOTS.glob("*.png")):
        title = path.stem.lstrip("0123456789-").replace("_", " ").capitalize()
        text.append(f"## {title}\n\n![The page {title}](screenshots/{path.name})\n")
        variants = [
            f"[{folder.name.replace('_', ', ')}](screenshots/{folder.name}/{path.name})"
            for folder in sorted(SCREENSHOTS.glob("*/"))
            if (folder / path.name).exists()
        ]
        text.append(f"The same {'; '.join(variants)}.\n" if variants else "")
    return "\n".join(text)
