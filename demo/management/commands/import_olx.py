"""python -m demo import_olx PATH"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.olx import OlxError, import_olx


class Command(BaseCommand):
    """Import a course."""

    help = "Import a course from a folder or an archive of OLX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One path."""
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        """All of it, or nothing."""
        try:
            course_key = import_olx(path)
        except OlxError as error:
            raise CommandError(f"Nothing was imported. {error}") from error
        self.stdout.write(f"Imported {course_key}")
