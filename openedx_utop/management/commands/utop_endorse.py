"""Our word for a badge of another organisation."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import GivenEndorsement
from openedx_utop.organizations.api import UnknownProvider, provider
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing


class Command(BaseCommand):
    """Print a signed endorsement for the other organisation to take up; `utop_revoke_endorsement` takes it back."""

    help = "Sign an endorsement of another organisation’s badge, with this platform’s key, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The badge, who speaks, what is said, and in which form."""
        parser.add_argument(
            "badge", help="The address of what is endorsed: a badge’s own page, one learner’s badge, an issuer’s DID."
        )
        parser.add_argument("--provider", type=int, required=True, help="Number of the provider in whose name it is.")
        parser.add_argument("--comment", required=True, help="What we vouch for: a recruiter reads it on the badge.")
        parser.add_argument("--token", action="store_true", help="Print it as a token (VC-JWT) instead of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """One JSON document, or one token, on the standard output."""
        given = _given(options)
        if options["token"] and not given.token:
            raise CommandError("No token can be signed: see UTOP_JWT_SIGNING_KEY.")
        document = json.dumps(json.loads(given.document), ensure_ascii=False, indent=1)
        self.stdout.write(given.token if options["token"] else document)
        self.stderr.write(f"Its identifier, to revoke it one day: {given.uuid}")


def _given(options: dict[str, Any]) -> GivenEndorsement:
    try:
        by = provider(options["provider"])
        return api.give_endorsement(options["badge"], options["comment"], by=by, now=timezone.now())
    except UnknownProvider as error:
        raise CommandError("No provider has this number.") from error
    except api.OwnBadge as error:
        raise CommandError("This badge is issued here: our word for it says no more than our signature.") from error
    except (SigningKeyMissing, SigningKeyInvalid) as error:
        raise CommandError("Nothing can be signed: see UTOP_SIGNING_KEY.") from error
    except UnsignableDocument as error:
        raise CommandError(f"This is no address that can be signed: {error}") from error
