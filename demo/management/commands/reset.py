"""python -m demo reset"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Start anew."""

    help = "Forget all data of the demonstration, then serve."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """As `serve`, once the port is known to be free."""
        call_command("serve", anew=True)
