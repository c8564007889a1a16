"""The wheel, and an environment that holds nothing else than it and what it asks for."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parent.parent.parent
UV = find_uv_bin()
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"
BUILT_FROM = ("setup.py", "pyproject.toml", "MANIFEST.in", "README.rst", "CHANGELOG.rst", "LICENSE")
# The demo host and the tests lie beside the packages when the wheel is built, as they do for whoever releases it.
FOLDERS = ("openedx_utop", "xblocks", "demo", "tests")


@dataclass(frozen=True)
class EmptyEnvironment:
    """Python with the wheel installed, and a folder to stand in that is not the sources."""

    python: Path
    folder: Path

    def run(self, *arguments: str) -> str:
        """What Python prints; it must end well. Isolated: neither our sources nor our variables reach it."""
        done = subprocess.run(
            [self.python, "-I", *arguments], check=False, capture_output=True, text=True, cwd=self.folder
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources, so that nothing left by an earlier build gets in."""
    sources = tmp_path_factory.mktemp("sources")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, sources)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", sources / "dist", sources], check=True)
    (built,) = (sources / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="session")
def contents(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> EmptyEnvironment:
    """The wheel and its dependencies, nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    subprocess.run([UV, "pip", "install", "--quiet", "--python", python, "-c", CONSTRAINTS, wheel], check=True)
    return EmptyEnvironment(python, folder)
