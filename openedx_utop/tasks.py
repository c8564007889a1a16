"""Work done by Celery: evaluation of conditions, once per burst of events, and what follows from an award."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop import api

RETRIED: dict[str, Any] = {
    "autoretry_for": (Exception,),
    "retry_backoff": 10,
    "retry_backoff_max": 3600,
    "retry_jitter": True,
    "max_retries": 12,
    "acks_late": True,
    "ignore_result": True,
}

# A broker that is down must cost the learner neither the page nor time: `utop_reconcile` makes up for it.
ONE_TRY: dict[str, Any] = {"max_retries": 1, "interval_start": 0}

# Seconds.
COMPANY_DELAY = 600
# Learners in one task.
EVALUATED_AT_ONCE = 200
# The longest wait between two attempts at a badge, and between two looks for what nobody attempts any more.
CATCH_UP_SECONDS = RETRIED["retry_backoff_max"]

logger = logging.getLogger(__name__)


def schedule_evaluation(user_id: int, course_key: CourseKey, *, delay: int) -> None:
    """Have the learner's conditions evaluated in `delay` seconds, once for all the events of that kind until then."""
    _schedule(evaluate, user_id, course_key, delay)


def schedule_evaluations(course_key: CourseKey, user_ids: Sequence[int], *, delay: int) -> None:
    """The same for many learners of a course: one task for a portion of those who are not waiting for one already."""
    if len(user_ids) == 1:
        schedule_evaluation(user_ids[0], course_key, delay=delay)
        return
    name = evaluate.__name__  # Asked once: of a task it takes a while.
    keys = {_key(name, user_id, course_key, delay): user_id for user_id in user_ids}

    def enqueue() -> None:
        waiting = cache.get_many(keys)
        due = {key: user_id for key, user_id in keys.items() if key not in waiting}
        cache.set_many(dict.fromkeys(due, True), timeout=delay)
        learners = list(due.values())
        for first in range(0, len(learners), EVALUATED_AT_ONCE):
            portion = learners[first : first + EVALUATED_AT_ONCE]
            evaluate_each.apply_async((str(course_key), portion), countdown=delay, retry_policy=ONE_TRY)

    transaction.on_commit(enqueue, robust=True)


def schedule_progress(user_id: int, course_key: CourseKey, *, delay: int) -> None:
    """Have the learner's path looked at in `delay` seconds, once for all the events until then."""
    _schedule(remember_progress, user_id, course_key, delay)


def schedule_recalculation(user_id: int, course_key: CourseKey, *, delay: int) -> None:
    """Have the learner's grades computed anew in `delay` seconds.

    The platform sends its own task inside the transaction of the move: where that lasts, its task reads the old path.
    """
    _schedule(recalculate_grades, user_id, course_key, delay)


def schedule_invitations(uuids: Sequence[UUID]) -> None:
    """Have these invitations sent."""
    send_invitations.apply_async(([str(uuid) for uuid in uuids],), retry_policy=ONE_TRY)


def schedule_list(uuid: UUID) -> None:
    """Have what is left of a list of people dealt with."""
    continue_list.apply_async((str(uuid),), retry_policy=ONE_TRY)


def schedule_notice(uuid: UUID) -> None:
    """Have the holder of a seat told that it is taken back."""
    send_seat_notice.apply_async((str(uuid),), retry_policy=ONE_TRY)


def schedule_catch_up() -> None:
    """Have taken up what nobody attempts any more, once an hour at most: no timetable is sure to be running."""
    if cache.add("utop.catch-up", True, timeout=CATCH_UP_SECONDS):
        catch_up.apply_async(retry_policy=ONE_TRY)


def _schedule(task: Any, user_id: int, course_key: CourseKey, delay: int) -> None:
    def enqueue() -> None:
        if cache.add(_key(task.__name__, user_id, course_key, delay), True, timeout=delay):
            task.apply_async((user_id, str(course_key)), countdown=delay, retry_policy=ONE_TRY)

    transaction.on_commit(enqueue, robust=True)


def _key(task: str, user_id: int, course_key: CourseKey, delay: int) -> str:
    return f"utop.{task}.{delay}.{user_id}.{course_key}"


def schedule_company(siret: str) -> None:
    """Have the company looked up once the register has had time to recover; only where there is one to ask."""
    if settings.UTOP_COMPANY_REGISTER_URL and cache.add(f"utop.company-due.{siret}", True, timeout=COMPANY_DELAY):
        look_up_company.apply_async((siret,), countdown=COMPANY_DELAY, retry_policy=ONE_TRY)


@shared_task(**RETRIED, dont_autoretry_for=(api.InvalidSiret,))
def look_up_company(siret: str) -> None:
    """Ask the public register for a company that it did not answer for; comes back until it does."""
    if api.look_up(siret, now=timezone.now(), is_patient=True).status is api.FactsStatus.UNAVAILABLE:
        raise api.RegisterUnavailable(siret)


@shared_task(**RETRIED)
def evaluate(user_id: int, course_key: str) -> None:
    """Award the learner what is due of the training action and of its parts, on the path that is theirs."""
    _evaluate(user_id, CourseKey.from_string(course_key))
    schedule_catch_up()


def _evaluate(user_id: int, course_key: CourseKey) -> None:
    api.keep_in_step(user_id, course_key)
    api.award_due(user_id, course_key, now=timezone.now())


@shared_task(acks_late=True, ignore_result=True)
def evaluate_each(course_key: str, user_ids: list[int]) -> None:
    """The same for each of these learners; one with whom it fails is evaluated again, alone."""
    for user_id in user_ids:
        try:
            _evaluate(user_id, CourseKey.from_string(course_key))
        except Exception:  # Whatever it is, the others are not to wait for it.
            logger.exception("The conditions of learner %s in %s could not be evaluated.", user_id, course_key)
            evaluate.apply_async((user_id, course_key), countdown=RETRIED["retry_backoff"])
    schedule_catch_up()


@shared_task(ignore_result=True)
def catch_up() -> None:
    """Make the badges and certificates that awards lack, and send on what is due; what fails has its turn next time."""
    now = timezone.now()
    for award_uuid in api.owed_badges(now=now):
        _try_once(issue_credential, award_uuid)
    for award_uuid in api.owed_attestations(api.awards_to_certify(now=now), now=now):
        _try_once(issue_attestation, award_uuid)
    for delivery_id in api.deliveries_due(now=now):
        schedule_delivery(delivery_id)


def _try_once(task: Any, award_uuid: UUID) -> None:
    task.apply_async((str(award_uuid),), retries=RETRIED["max_retries"], retry_policy=ONE_TRY)


@shared_task(**RETRIED)
def send_invitations(uuids: list[str]) -> None:
    """Send those of these invitations that still have to be."""
    api.send_invitations(map(UUID, uuids), now=timezone.now())


@shared_task(**RETRIED)
def continue_list(uuid: str) -> None:
    """Give the seats of a list that are left to give."""
    api.continue_list(UUID(uuid), now=timezone.now())


@shared_task(**RETRIED)
def send_seat_notice(uuid: str) -> None:
    """Tell the holder of a seat that it is taken back."""
    api.send_seat_notice(UUID(uuid))


@shared_task(**RETRIED)
def recalculate_grades(user_id: int, course_key: str) -> None:
    """Compute the learner's grades over the path that they have now."""
    api.recalculate_grades(user_id, CourseKey.from_string(course_key))


@shared_task(**RETRIED)
def remember_progress(user_id: int, course_key: str) -> None:
    """Keep how much of their path the learner has done, for the team's list."""
    api.remember_progress(user_id, CourseKey.from_string(course_key), now=timezone.now())


@shared_task(**RETRIED, dont_autoretry_for=(api.UnknownAward, api.HolderGone))
def issue_credential(award_uuid: str) -> None:
    """Sign the badge of an award, unless the learner refuses it."""
    with suppress(api.BadgeRefused):
        api.issue_credential(UUID(award_uuid), now=timezone.now())


def schedule_reminder(credential_uuid: UUID) -> None:
    """Have the holder told that the badge expires soon."""
    remind_of_expiry.apply_async((str(credential_uuid),), retry_policy=ONE_TRY)


@shared_task(**RETRIED)
def remind_of_expiry(credential_uuid: str) -> None:
    """Write to the holder of a badge that expires soon, once."""
    api.remind_of_expiry(UUID(credential_uuid), now=timezone.now())


def schedule_delivery(delivery_id: int) -> None:
    """Have it done at once; what a broker that is down loses is made up for by `utop_reconcile`."""
    deliver_badge.apply_async((delivery_id,), retry_policy=ONE_TRY)


@shared_task(**RETRIED)
def deliver_badge(delivery_id: int) -> None:
    """Do what is owed to a badge platform, and come back when it asks for patience."""
    again_at = api.deliver_badge(delivery_id, now=timezone.now())
    if again_at is not None:
        deliver_badge.apply_async((delivery_id,), eta=again_at, retry_policy=ONE_TRY)


@shared_task(**RETRIED, dont_autoretry_for=(api.UnknownAward, api.CannotAttest))
def issue_attestation(award_uuid: str) -> None:
    """Freeze the certificate of the award of a whole action; none of a part, nor another once it was erased."""
    award = api.award(UUID(award_uuid))
    if not award.is_whole or api.erased_of(award.uuid):
        return
    api.issue_attestation(
        award_uuid=award.uuid,
        user_id=award.user_id,
        course_key=award.course_key,
        awarded_at=award.awarded_at,
        evaluation=award.evaluation,
        now=timezone.now(),
    )
