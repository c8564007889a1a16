"""Make up for what a crash, a lost message or a missing key left undone."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api, tasks


class Command(BaseCommand):
    """Safe to run at any time: what exists already is left alone."""

    help = "Bring learners and their tracks in step, make the awards that are owed, and issue what awards still lack."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the actions, then the awards; one that fails does not stop the others."""
        for course_key in api.tracked_courses():
            astray = api.reconcile_tracks(course_key, now=timezone.now())
            self.stdout.write(f"{course_key}: {astray} learners were not where the record has them.")
        for action in api.actions():
            api.rebuild_progress(action.course_key, now=timezone.now())
            _award(action.course_key)
        tasks.schedule_invitations(api.unsent_invitations(now=timezone.now()))
        api.end_enrolments()
        for uuid in api.undelivered_notices():
            tasks.schedule_notice(uuid)
        for uuid in api.unfinished_lists():
            tasks.schedule_list(uuid)
        for delivery_id in api.deliveries_due(now=timezone.now()):
            tasks.schedule_delivery(delivery_id)
        _look_after_badges()
        failures = [failure for award in api.all_awards() for failure in _issue(str(award.uuid))]
        for failure in failures:
            self.stderr.write(failure)
        if failures:
            raise CommandError(f"{len(failures)} could not be issued.")
        self.stdout.write("Every award has its badge and its certificate.")


def _look_after_badges() -> None:
    now = timezone.now()
    for credential_uuid in api.expiring_badges(now=now):
        tasks.schedule_reminder(credential_uuid)
    api.forget_pictures(now=now)
    with suppress(api.SigningKeyMissing, api.SigningKeyInvalid):
        api.complete_lists(now=now)
    api.look_up_endorsers(before=now - timedelta(days=settings.UTOP_ENDORSER_CHECK_DAYS), now=now)


def _award(course_key: CourseKey) -> None:
    for learners in api.learners_in_portions(course_key):
        api.award_learners(learners, course_key, now=timezone.now())


def _issue(award_uuid: str) -> Iterator[str]:
    for issue in (tasks.issue_credential, tasks.issue_attestation):
        try:
            issue(award_uuid)
        except Exception as error:  # noqa: BLE001 - each failure is told, and the next award still gets its turn
            yield f"{award_uuid}: {issue.name}: {error}"
