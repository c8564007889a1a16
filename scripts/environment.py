"""Set up the virtual environment for `demo` or `test`, once per state of the requirements. Standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = {"demo": ("demo",), "test": ("demo", "test", "quality")}
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"


def main(purpose: str) -> None:
    """Do nothing if the environment is up to date."""
    venv = ROOT / os.environ.get("VENV", ".venv")
    files = [ROOT / "requirements" / f"{name}.txt" for name in REQUIREMENTS[purpose]]
    if purpose == "test" and shutil.which("mariadb_config") and shutil.which("gcc"):
        files.append(ROOT / "requirements" / "mariadb.txt")
    fingerprint = _fingerprint([*files, CONSTRAINTS, ROOT / "setup.py"])
    stamp = venv / f".installed-{purpose}"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    if not (venv / "bin" / "python").exists():
        _create(venv)
    print(
        f"Installing the {purpose} requirements into {venv.name} (the first time, a few hundred MB to download) …",
        flush=True,
    )
    _install(venv, files)
    stamp.write_text(fingerprint)


def _fingerprint(files: list[Path]) -> str:
    content = b"".join(file.name.encode() + file.read_bytes() for file in files)
    return hashlib.sha256(content).hexdigest()


def _create(venv: Path) -> None:
    print(f"Creating {venv.name} with Python {sys.version.split()[0]} …", flush=True)
    if find_spec("ensurepip") is None:
        _stop("This Python has no venv module: install it first (Debian and Ubuntu: apt-get install python3-venv).")
    _run([sys.executable, "-m", "venv", str(venv)], "The virtual environment could not be made (see above).")


def _install(venv: Path, files: list[Path]) -> None:
    """With uv, which is several times faster; with pip where uv cannot be had."""
    python = str(venv / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    no_uv = subprocess.run([*pip, "install", "-qq", "--constraint", str(CONSTRAINTS), "uv"], check=False).returncode
    installer = [*pip, "install"] if no_uv else [str(venv / "bin" / "uv"), "pip", "install", "--python", python]
    requirements = [argument for file in files for argument in ("--requirement", str(file))]
    command = [*installer, "--quiet", "--constraint", str(CONSTRAINTS), *requirements, "--editable", str(ROOT)]
    _run(
        command, "The packages could not be installed (see above): check the network or the proxy, then run make again."
    )


def _run(command: list[str], guidance: str) -> None:
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        _stop(guidance)


def _stop(guidance: str) -> None:
    print(guidance, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1])
