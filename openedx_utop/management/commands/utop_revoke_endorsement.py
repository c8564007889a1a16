"""Our word for a badge of another organisation, taken back."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from openedx_utop.badges.data import ReasonMissing
from openedx_utop.badges.endorsements import api
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing


class Command(BaseCommand):
    """Say in our status list that an endorsement no longer holds; whoever embedded it reads that there."""

    help = "Revoke an endorsement that utop_endorse gave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, and why."""
        parser.add_argument("identifier", type=UUID, help="As utop_endorse told it; in the endorsement, its id.")
        parser.add_argument("--reason", required=True, help="Why: anyone may read it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Once; a second time changes nothing."""
        try:
            is_new = api.take_back(options["identifier"], options["reason"], by=None, now=timezone.now())
        except api.UnknownEndorsement as error:
            raise CommandError("No endorsement has this identifier.") from error
        except ReasonMissing as error:
            raise CommandError("Say why.") from error
        except (SigningKeyMissing, SigningKeyInvalid) as error:
            raise CommandError("Nothing can be signed: see UTOP_SIGNING_KEY.") from error
        self.stdout.write("It is revoked." if is_new else "It was revoked before.")
