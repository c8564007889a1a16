"""Write what is over into the sealed journal, and seal a day; to be run every night."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from openedx_utop.attendance.journal import api
from openedx_utop.signing_keys import SigningKeyInvalid, SigningKeyMissing


class Command(BaseCommand):
    """It can be stopped and run again at any time, and twice at once."""

    help = _("Enter what is over by the end of a day into the attendance journal, and seal the day.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, if it is not yesterday."""
        parser.add_argument("--day", type=date.fromisoformat, help=_("YYYY-MM-DD; by default yesterday"))

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        """Enter, seal, and print the root to publish."""
        now, standing = timezone.now(), api.Standing()
        day = day or api.day_to_seal(now)
        try:
            entered = sum(api.enter(day, now=now, standing=standing))
            self.stdout.write(_("Entered: {entered}").format(entered=entered))
            seal = api.seal(day, now=now, standing=standing)
        except api.DayNotOver as error:
            raise CommandError(_("{day} is not over.").format(day=day)) from error
        except api.LaterDaySealed as error:
            raise CommandError(_("A later day than {day} is sealed already.").format(day=day)) from error
        except (SigningKeyMissing, SigningKeyInvalid) as error:
            text = _("{day} waits for its seal: UTOP_SIGNING_KEY is empty or no key. Nothing is lost; run this again.")
            raise CommandError(text.format(day=day)) from error
        text = _("Seal {number} of {day}: {rows} rows, SHA-256 {hash}")
        self.stdout.write(text.format(number=seal.number, day=seal.day, rows=seal.rows, hash=seal.hash))
