"""What the site builds from the code: MkDocs calls the functions here (see `hooks` in mkdocs.yml)."""

import re
from pathlib import Path
from typing import Any

from command_line import command_line_page
from gallery import screenshots_page
from layers import layers_diagram
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from tables import glossary_page, presets_page, recipe_page, settings_page

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FROM_CODE = {
    "reference/command_line.md": command_line_page,
    "reference/recipe.md": recipe_page,
    "reference/presets.md": presets_page,
    "reference/settings.md": settings_page,
    "glossary.md": glossary_page,
    "layers.svg": layers_diagram,
    "screenshots.md": screenshots_page,
}
FROM_ROOT = {
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    "changelog.md": "CHANGELOG.md",
}
ELSEWHERE = re.compile(r"""<(?:script|img|iframe)[^>]+src="?https?://[^>]*>|<link[^>]+stylesheet[^>]+https?://[^>]*>""")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that the code writes, and those that lie in the repository's root."""
    for path, write in FROM_CODE.items():
        files.append(File.generated(config, path, content=write()))
    for path, name in FROM_ROOT.items():
        content = (REPOSITORY / name).read_text(encoding="utf-8").replace("](docs/", "](")
        for target, other in FROM_ROOT.items():
            content = content.replace(f"]({other})", f"]({target})")
        files.append(File.generated(config, path, content=content))
    return files


def on_post_page(output: str, page: Any, config: MkDocsConfig) -> str:
    """Refuse a page that loads something from the network."""
    if found := ELSEWHERE.search(output):
        raise PluginError(
            f"{page.file.src_uri} loads something from elsewhere, and the site must work offline: {found[0]}"
        )
    return output
