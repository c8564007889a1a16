"""Check that the French catalogues are complete, current and compiled."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each catalogue, and the packages whose texts it holds.
CATALOGUES = {"openedx_utop/conf/locale": ("openedx_utop", "xblocks"), "demo/locale": ("demo",)}
PO, MO = "fr/LC_MESSAGES/django.po", "fr/LC_MESSAGES/django.mo"
FLAWS = {
    "without a translation": "--untranslated",
    "fuzzy": "--only-fuzzy",
    "no longer in the sources": "--only-obsolete",
}


def main() -> int:
    """Print every flaw; how many there are is not said, as one is enough to fail."""
    flaws = [flaw for catalogue, packages in CATALOGUES.items() for flaw in _flaws(catalogue, packages)]
    print("\n".join(flaws))
    return 1 if flaws else 0


def _flaws(catalogue: str, packages: tuple[str, ...]) -> list[str]:
    if not (ROOT / catalogue / MO).exists():
        return [f"{catalogue}: {MO} is missing"]
    with tempfile.TemporaryDirectory() as folder:
        updated = _updated(catalogue, packages, Path(folder))
        found = [
            f"{catalogue}: {flaw}:\n{entries}"
            for flaw, option in FLAWS.items()
            if (entries := _run("msgattrib", option, "--no-wrap", str(updated)))
        ]
        compiled = Path(folder) / "django.mo"
        _run("msgfmt", "--check", "--output-file", str(compiled), str(ROOT / catalogue / PO))
        if _run("msgunfmt", str(compiled)) != _run("msgunfmt", str(ROOT / catalogue / MO)):
            found.append(f"{catalogue}: {MO} is not what {PO} compiles to")
    return found


def _updated(catalogue: str, packages: tuple[str, ...], folder: Path) -> Path:
    """A copy of the catalogue, brought up to date with the sources."""
    for package in packages:
        shutil.copytree(ROOT / package, folder / package)
    shutil.copytree(ROOT / catalogue, folder / "locale")
    django_admin = str(Path(sys.executable).parent / "django-admin")
    _run(django_admin, "makemessages", "--locale=fr", "--no-wrap", folder=folder)
    return folder / "locale" / PO


def _run(*command: str, folder: Path = ROOT) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
