"""Awards: made once, when the conditions hold, with the figures of that moment."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import CourseTime, course_time, evaluated
from openedx_utop.badges import rules
from openedx_utop.badges.data import AwardFacts, UnknownAward
from openedx_utop.badges.models import Award
from openedx_utop.compat import platform
from openedx_utop.events.data import AwardData
from openedx_utop.events.signals import AWARD_GRANTED
from openedx_utop.official_time import official_day
from openedx_utop.sectors.api import has_track, learner_sector
from openedx_utop.training.api import Action, Evaluation, action_for, action_of


def evaluation(user_id: int, course_key: CourseKey) -> Evaluation | None:
    """Where the learner stands against the conditions of the course's action; None if it has no action."""
    action = action_for(course_key)
    return _evaluation(user_id, action, course_time(user_id, course_key), timezone.now()) if action else None


def award_if_fulfilled(user_id: int, course_key: CourseKey, *, now: datetime) -> AwardFacts | None:
    """The learner's award, made now if the conditions hold and it is not there yet; None if they do not hold.

    Two calls at once make one award, and announce it once, after the commit.
    """
    action = action_for(course_key)
    if action is None:
        return None
    earlier = Award.objects.select_related("action").filter(user_id=user_id, action_id=action.action_id).first()
    if earlier:
        return award_facts(earlier)
    # The cheapest condition first: this is asked after every burst of activity.
    time = course_time(user_id, course_key)
    if time.certified_seconds < action.required_seconds:
        return None
    reached = _evaluation(user_id, action, time, now)
    return _grant(user_id, reached, time, now) if reached.is_fulfilled else None


def award_all(course_key: CourseKey, *, now: datetime) -> tuple[AwardFacts, ...]:
    """The awards of every enrolled learner who fulfils the conditions, made now where they were still owed."""
    learners = platform().enrolled_learners(course_key)
    found = (award_if_fulfilled(user_id, course_key, now=now) for user_id in learners)
    return tuple(award for award in found if award)


def award(uuid: UUID) -> AwardFacts:
    """One award; raises UnknownAward."""
    return award_facts(award_record(uuid))


def all_awards() -> Iterator[AwardFacts]:
    """Every award, the oldest first, read in portions."""
    return (award_facts(record) for record in Award.objects.select_related("action").order_by("pk").iterator())


def awards_of(user_id: int) -> tuple[AwardFacts, ...]:
    """The learner's awards, the latest first."""
    records = Award.objects.select_related("action").filter(user_id=user_id).order_by("-awarded_at")
    return tuple(award_facts(record) for record in records)


def award_record(uuid: UUID) -> Award:
    """The row of an award; raises UnknownAward."""
    record = Award.objects.select_related("action").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAward(uuid)
    return record


def award_facts(record: Award) -> AwardFacts:
    """What others learn of an award."""
    action = action_of(record.action)
    return AwardFacts(
        uuid=record.uuid,
        user_id=record.user_id,
        course_key=action.course_key,
        action=action,
        awarded_at=record.awarded_at,
        evaluation=record.evaluation,
    )


def _evaluation(user_id: int, action: Action, time: CourseTime, now: datetime) -> Evaluation:
    return evaluated(user_id, action, time, has_track=has_track(user_id, action.course_key), today=official_day(now))


def _grant(user_id: int, reached: Evaluation, time: CourseTime, now: datetime) -> AwardFacts:
    figures = rules.frozen(reached, time, learner_sector(user_id, reached.action.course_key))
    with transaction.atomic():
        record, is_new = Award.objects.select_related("action").get_or_create(
            user_id=user_id,
            action_id=reached.action.action_id,
            defaults={"awarded_at": now, "evaluation": figures},
        )
        if is_new:
            data = AwardData(record.uuid, user_id, reached.action.course_key, now)
            transaction.on_commit(partial(AWARD_GRANTED.send_event, award=data))
    return award_facts(record)
