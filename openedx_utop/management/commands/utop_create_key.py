"""A fresh key to sign badges with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from openedx_utop.badges.keys import new_seed


class Command(BaseCommand):
    """Print a fresh signing key as a line of settings; nothing is stored."""

    help = "Print a fresh key for UTOP_SIGNING_KEY. It is stored nowhere."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the line on the standard output, the advice on the standard error."""
        self.stderr.write(
            _("Keep this line secret, and keep a copy: badges signed with a lost key can no longer be checked.")
        )
        self.stdout.write(f'UTOP_SIGNING_KEY: "{new_seed()}"')
