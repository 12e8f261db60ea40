"""The package as pip installs it, into an environment of its own that borrows this one's libraries."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

import wildcam
from wildcam.settings import PROJECT_DIR

pytestmark = pytest.mark.slow
SOURCES = ("wildcam", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "requirements.txt", "requirements-dev.txt")


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment without packages of its own."""
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    site_packages = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(site_packages, "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([*map(str, words)], cwd=cwd, env=variables, capture_output=True, text=True)


def install(environment: Path, *what: object) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")
    done = run(environment / "bin" / "python", "-m", "pip", "install", *options, *what, cwd=environment)
    assert done.returncode == 0, done.stderr


def test_an_editable_installation_gives_the_command_and_the_app(environment: Path, tmp_path: Path) -> None:
    install(environment, "--editable", PROJECT_DIR)
    listed = run(environment / "bin" / "wildcam", "presets", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert "efficientnet_b0" in listed.stdout
    found = "from wildcam.settings import IS_CHECKOUT, PROJECT_DIR; print(IS_CHECKOUT, PROJECT_DIR)"
    done = run(environment / "bin" / "python", "-c", found, cwd=tmp_path)
    assert done.stdout.split() == ["True", str(PROJECT_DIR)]


def test_an_installed_wheel_works_and_says_that_the_web_app_is_not_in_it(environment: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in SOURCES:
        path = PROJECT_DIR / name
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(path, source / name, ignore=skip) if path.is_dir() else shutil.copy(path, source)
    install(environment, source)
    library = next((environment / "lib").glob("python*")) / "site-packages" / "wildcam"
    assert {"py.typed", "glossary.toml"} <= {path.name for path in library.iterdir()}
    assert len(list((library / "reports" / "templates").iterdir())) == 2
    assert run(environment / "bin" / "wildcam", "presets", cwd=tmp_path).returncode == 0
    served = run(environment / "bin" / "wildcam", "serve", cwd=tmp_path)
    assert served.returncode == 2
    assert "Clone the repository" in served.stderr
    home = "from wildcam.settings import load_settings; print(load_settings().home)"
    done = run(environment / "bin" / "python", "-c", home, cwd=tmp_path)
    assert done.stdout.strip() == str(Path.home() / ".wildcam")


def test_the_version_is_the_same_everywhere() -> None:
    citation = (PROJECT_DIR / "CITATION.cff").read_text()
    assert f"\nversion: {wildcam.__version__}\n" in citation
    assert f"\n## {wildcam.__version__} - " in (PROJECT_DIR / "CHANGELOG.md").read_text()


def test_every_requirement_is_pinned() -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())
    sources = project["tool"]["setuptools"]["dynamic"]
    files = [*sources["dependencies"]["file"], *sources["optional-dependencies"]["dev"]["file"], "constraints.txt"]
    lines = [line for name in files for line in (PROJECT_DIR / name).read_text().splitlines()]
    loose = [line for line in lines if line and not line.startswith("#") and "==" not in line]
    assert not loose
    assert sys.version_info[:2] in ((3, 11), (3, 12))
