"""Issue what is missing behind awards, after a crash or a missing key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openedx_utop import api, tasks


class Command(BaseCommand):
    """Safe to run at any time: what exists already is left alone."""

    help = "Issue the badges and certificates that awards still lack."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the awards; one that fails does not stop the others."""
        failures = 0
        for award in api.all_awards():
            for issue in (tasks.issue_credential, tasks.issue_attestation):
                try:
                    issue(str(award.uuid))
                except Exception as error:  # noqa: BLE001 - each failure is told, and the next award still gets its turn
                    failures += 1
                    self.stderr.write(f"{award.uuid}: {issue.name}: {error}")
        if failures:
            raise CommandError(f"{failures} could not be issued.")
        self.stdout.write("Every award has its badge and its certificate.")
