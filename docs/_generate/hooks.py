"""What the site builds from the code: MkDocs calls the functions here (see `hooks` in mkdocs.yml)."""

from pathlib import Path

from command_line import command_line_page
from layers import layers_diagram
from mkdocs.config.defaults import MkDocsConfig
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
}
FROM_ROOT = {
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
    "changelog.md": "CHANGELOG.md",
}


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
