"""What the tests need besides Python: installed on Debian and Ubuntu as root, asked for elsewhere."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PATH = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Service:
    """Programs, each under one of its names, and the Debian packages that bring them."""

    name: str
    programs: tuple[tuple[str, ...], ...]
    packages: tuple[str, ...]

    def missing(self) -> list[str]:
        """The programs that are not there."""
        return [names[0] for names in self.programs if not any(shutil.which(name, path=PATH) for name in names)]


CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MARIADB = Service(
    "MariaDB",
    (("mariadbd",), ("mariadb-install-db",), ("my_print_defaults",), ("mariadb_config",), ("gcc",), ("pkg-config",)),
    ("mariadb-server-core", "mariadb-client-core", "libmariadb-dev", "gcc", "pkg-config"),
)
REDIS = Service("Redis", (("redis-server", "valkey-server"),), ("redis-server",))
BROWSER = Service("Chromium", (CHROMIUM,), ("chromium",))
GETTEXT = Service("gettext", (("msgfmt",), ("xgettext",)), ("gettext",))
SERVICES = (MARIADB, REDIS, BROWSER, GETTEXT)


def main() -> int:
    """Install what is missing if we may, say what still is; a failure where everything must be there (CI=true)."""
    packages = [package for service in SERVICES if service.missing() for package in service.packages]
    packages += _python_packages()
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        _install(packages)
    missing = [service for service in SERVICES if service.missing()]
    for service in missing:
        print(
            f"{service.name}: {', '.join(service.missing())} missing, so its tests will not run. "
            f"To have them: apt-get install {' '.join(service.packages)} (or your system's equivalent)."
        )
    return 1 if missing and os.environ.get("CI") == "true" else 0


def _python_packages() -> list[str]:
    """Debian ships parts of Python apart."""
    venv = [] if find_spec("ensurepip") else ["python3-venv"]
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return venv if headers.exists() else [*venv, "python3-dev"]


def _install(packages: list[str]) -> None:
    print(f"Installing {' '.join(packages)} …", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # What fails here is found missing afterwards, and said there.
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([*command, "-qq"], check=False, env=quietly, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
