"""A fresh key to sign badges with."""

import json
from argparse import ArgumentParser
from textwrap import indent
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from openedx_utop.attendance.addresses.api import new_key
from openedx_utop.badges.tokens import new_token_key
from openedx_utop.signing_keys import known_multikeys, new_seed


class Command(BaseCommand):
    """Print a fresh signing key as a line of settings; nothing is stored."""

    help = "Print a fresh key for UTOP_SIGNING_KEY, and how to retire the present one. It is stored nowhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--jwt`, `--addresses`: the other keys."""
        parser.add_argument("--addresses", action="store_true", help="Print a key for UTOP_ADDRESS_KEYS instead.")
        parser.add_argument("--jwt", action="store_true", help="Print an RSA key for UTOP_JWT_SIGNING_KEY instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the lines of settings on the standard output, the advice on the standard error."""
        if options["addresses"]:
            self._print_address_key()
            return
        self.stderr.write(
            _("Keep this line secret, and keep a copy: badges signed with a lost key can no longer be checked.")
        )
        if options["jwt"]:
            self._print_token_key()
            return
        self.stdout.write(f'UTOP_SIGNING_KEY: "{new_seed()}"')
        if settings.UTOP_SIGNING_KEY or settings.UTOP_RETIRED_SIGNING_KEYS:
            self._retire()

    def _print_address_key(self) -> None:
        self.stderr.write(
            _("Keep this line secret. To change keys, put the new one first and keep the old ones after it.")
        )
        self.stdout.write(f"UTOP_ADDRESS_KEYS: {json.dumps([new_key(), *settings.UTOP_ADDRESS_KEYS])}")

    def _print_token_key(self) -> None:
        self.stdout.write("UTOP_JWT_SIGNING_KEY: |\n" + indent(new_token_key(), "  "))
        if settings.UTOP_JWT_SIGNING_KEY:
            self.stderr.write(
                _(
                    "Tokens are signed here already. Add the former key to UTOP_RETIRED_SIGNING_KEYS, its public or its"
                    " private PEM text: this keeps what was issued so far valid."
                )
            )

    def _retire(self) -> None:
        self.stderr.write(
            _(
                "Badges are signed here already. Put both lines into the settings together, then restart every process:"
                " the second one, which is not secret, keeps what was issued so far valid. Never shorten it."
            )
        )
        self.stdout.write(f"UTOP_RETIRED_SIGNING_KEYS: {json.dumps(known_multikeys())}")
