"""Awards: made once each, when the conditions hold, with the figures of that moment."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import CourseTime
from openedx_utop.badges import evidence
from openedx_utop.badges.achievements import achievement_facts, achievements_of, whole_achievement
from openedx_utop.badges.data import AchievementFacts, AwardFacts, UnknownAward
from openedx_utop.badges.evaluating import Learner
from openedx_utop.badges.models import Award
from openedx_utop.badges.validations import ledger
from openedx_utop.events.data import AwardData
from openedx_utop.events.signals import AWARD_GRANTED
from openedx_utop.training.api import Action, Condition, Evaluation, action_for, action_of


def evaluation(user_id: int, course_key: CourseKey, achievement: UUID | None = None) -> Evaluation | None:
    """Where the learner stands against the conditions of the whole action, or of this achievement of the course.

    None if the course has no action, or no such achievement.
    """
    action = action_for(course_key)
    known = achievements_of(action) if action else ()
    wanted = (each for each in known if (each.uuid == achievement if achievement else each.is_whole))
    found = next(wanted, None)
    return Learner(user_id, action, now=timezone.now()).reached(found).evaluation if action and found else None


def evaluations(
    user_id: int, action: Action, *, time: CourseTime | None = None
) -> tuple[tuple[AchievementFacts, Evaluation], ...]:
    """Where the learner stands against the conditions of each achievement, the whole action's first.

    `time`: their time in the course, if who asks has read it.
    """
    learner = Learner(user_id, action, now=timezone.now(), time=time)
    return tuple((each, learner.reached(each).evaluation) for each in achievements_of(action))


def award_if_fulfilled(user_id: int, course_key: CourseKey, *, now: datetime) -> AwardFacts | None:
    """The learner's award of the whole action, made now if it is due, as those of its parts are; None without."""
    return next((each for each in award_due(user_id, course_key, now=now) if each.is_whole), None)


def award_due(user_id: int, course_key: CourseKey, *, now: datetime) -> tuple[AwardFacts, ...]:
    """Every award that the learner holds in the course, made now where the conditions hold and it is not there yet.

    Two calls at once make one award each, and announce it once, after the commit.
    """
    action = action_for(course_key)
    if action is None:
        return ()
    known = achievements_of(action)
    records = _records().filter(user_id=user_id, action_id=action.action_id)
    held = {record.achievement_id: award_facts(record) for record in records}
    learner = Learner(user_id, action, now=now)
    due = (held.get(each.achievement_id or 0) or _award_if_due(learner, each, now) for each in known)
    return tuple(each for each in due if each)


def award(uuid: UUID) -> AwardFacts:
    """One award; raises UnknownAward."""
    return award_facts(award_record(uuid))


def all_awards() -> Iterator[AwardFacts]:
    """Every award, the oldest first, read in portions."""
    return (award_facts(record) for record in _records().order_by("pk").iterator())


def awards_of(user_id: int) -> tuple[AwardFacts, ...]:
    """The learner's awards, the latest first, whatever the clock said when they were made."""
    records = _records().filter(user_id=user_id).order_by("-pk")
    return tuple(award_facts(record) for record in records)


def award_record(uuid: UUID) -> Award:
    """The row of an award; raises UnknownAward."""
    record = _records().filter(uuid=uuid).first()
    if record is None:
        raise UnknownAward(uuid)
    return record


def award_facts(record: Award) -> AwardFacts:
    """What others learn of an award."""
    return next(facts_of([record], action_of(record.action)))


def facts_of(records: Iterable[Award], action: Action) -> Iterator[AwardFacts]:
    """The same of awards of one action, whose achievements are looked at once each."""
    known: dict[int, AchievementFacts] = {}
    for record in records:
        if record.achievement_id not in known:
            known[record.achievement_id] = achievement_facts(record.achievement, action)
        yield AwardFacts(
            uuid=record.uuid,
            user_id=record.user_id,
            course_key=action.course_key,
            action=action,
            achievement=known[record.achievement_id],
            awarded_at=record.awarded_at,
            evaluation=record.evaluation,
        )


def new_award(learner: Learner, achievement: AchievementFacts, *, now: datetime) -> Award | None:
    """What the learner is owed, with the figures of this moment, not stored yet; None while conditions are missing."""
    if not learner.may_hold(achievement):
        return None
    reached = learner.reached(achievement)
    missing = [each.condition for each in reached.evaluation.missing]
    if missing == [Condition.VALIDATION]:
        ledger.wait_for(learner.user_id, _number(achievement, learner.action), now=now)
    if missing:
        return None
    return Award(
        user_id=learner.user_id,
        achievement_id=_number(achievement, learner.action),
        action_id=learner.action.action_id,
        awarded_at=now,
        evaluation=evidence.frozen(reached, learner.sector, achievement, learner.level),
    )


def still_due(award: Award) -> bool:
    """Whether the validation that it rests on, if any, still stands, and will until the transaction ends."""
    validation = award.evaluation.get("validation")
    if validation is None:
        return True
    return ledger.still_stands(award.user_id, award.achievement_id, UUID(validation["uuid"]))


def tell(award: Award) -> None:
    """Announce an award after the commit that makes it."""
    course_key, achieved = award.action.course_key, award.achievement
    data = AwardData(award.uuid, award.user_id, course_key, award.awarded_at, achieved.uuid, achieved.scope.value)
    transaction.on_commit(partial(AWARD_GRANTED.send_event, award=data))


def _award_if_due(learner: Learner, achievement: AchievementFacts, now: datetime) -> AwardFacts | None:
    award = new_award(learner, achievement, now=now)
    if award is None:
        return None
    values = {name: getattr(award, name) for name in ("uuid", "action_id", "awarded_at", "evaluation")}
    with transaction.atomic():
        if not still_due(award):
            return None
        record, is_new = _records().get_or_create(
            user_id=award.user_id, achievement_id=award.achievement_id, defaults=values
        )
        if is_new:
            tell(record)
    return award_facts(record)


def _number(achievement: AchievementFacts, action: Action) -> int:
    return achievement.achievement_id or whole_achievement(action).pk


def _records() -> QuerySet[Award]:
    return Award.objects.select_related("action", "achievement__sector")
