"""Our word for a badge of another organisation."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.endorsements import api
from openedx_utop.organizations.api import UnknownProvider, provider
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing


class Command(BaseCommand):
    """Print a signed endorsement for the other organisation to take up; nothing is stored."""

    help = "Sign an endorsement of another organisation’s badge, with this platform’s key, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The badge, who speaks, and what is said."""
        parser.add_argument("badge", help="The address of the badge’s own page, https://…/utop/achievements/…")
        parser.add_argument("--provider", type=int, required=True, help="Number of the provider in whose name it is.")
        parser.add_argument("--comment", required=True, help="What we vouch for: a recruiter reads it on the badge.")

    def handle(self, *args: Any, **options: Any) -> None:
        """One JSON document on the standard output."""
        try:
            signed = api.signed_endorsement(
                options["badge"], options["comment"], by=provider(options["provider"]), now=timezone.now()
            )
        except UnknownProvider as error:
            raise CommandError("No provider has this number.") from error
        except api.OwnBadge as error:
            raise CommandError("This badge is issued here: our word for it says no more than our signature.") from error
        except (SigningKeyMissing, SigningKeyInvalid) as error:
            raise CommandError("Nothing can be signed: see UTOP_SIGNING_KEY.") from error
        except UnsignableDocument as error:
            raise CommandError(f"This is no address that can be signed: {error}") from error
        self.stdout.write(json.dumps(signed, ensure_ascii=False, indent=1))
