"""python -m demo COMMAND"""

import os
import sys


def main() -> None:
    """Run a management command of the demo host."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    # One thread each: these libraries would reserve memory for every core.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")

    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["python -m demo", *sys.argv[1:]])
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
