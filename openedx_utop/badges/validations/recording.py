"""Validating, and withdrawing what was validated: each a row, by whom and when."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from openedx_utop import tracking
from openedx_utop.badges.addresses import achievement_address
from openedx_utop.badges.models import Achievement, Award
from openedx_utop.badges.rules import cleaned
from openedx_utop.badges.validations.data import (
    AlreadyAwarded,
    AlreadyValidated,
    BadDay,
    NotALearner,
    NotValidated,
    ReasonMissing,
    UnknownValidation,
    ValidationFacts,
)
from openedx_utop.badges.validations.ledger import facts, last_row
from openedx_utop.badges.validations.models import Awaited, Validation
from openedx_utop.badges.validations.rights import check_validator
from openedx_utop.compat import platform
from openedx_utop.events.signals import validation_changed
from openedx_utop.official_time import official_day


def validate(achievement: UUID, user_id: int, *, day: date, remark: str, by: int, now: datetime) -> ValidationFacts:
    """Confirm that the learner has what the achievement stands for; the award follows if the rest holds.

    Raises UnknownValidation, NotValidator, NotALearner, BadDay and AlreadyValidated.
    """
    record = _record(achievement)
    check_validator(by, user_id, record)
    _check(record, user_id, day, official_day(now))
    last = last_row(user_id, record.pk)
    if last and last.is_given:
        raise AlreadyValidated(_("This learner was validated before."))
    return _write(record, user_id, last, is_given=True, day=day, words=cleaned(remark).strip(), by=by, now=now)


def withdraw(achievement: UUID, user_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Take a validation back, before the award is made.

    Raises UnknownValidation, NotValidator, ReasonMissing, NotValidated and AlreadyAwarded.
    """
    record = _record(achievement)
    check_validator(by, user_id, record)
    words = cleaned(reason).strip()
    if not words:
        raise ReasonMissing(_("Say why, for whoever reads it later."))
    with transaction.atomic():
        # An award that is being made holds the same row.
        last = last_row(user_id, record.pk, lock=True)
        if last is None or not last.is_given:
            raise NotValidated(_("There is nothing to withdraw."))
        if Award.objects.select_for_update().filter(user_id=user_id, achievement=record).first():
            raise AlreadyAwarded(_("The award was made. The badge can be revoked, the validation no longer withdrawn."))
        _write(record, user_id, last, is_given=False, day=official_day(now), words=words, by=by, now=now)


def forget_learner(user_id: int) -> None:
    """They wait no more; what was validated is evidence."""
    Awaited.objects.filter(user_id=user_id).delete()


def _record(achievement: UUID) -> Achievement:
    record = Achievement.objects.select_related("action").filter(uuid=achievement).first()
    if record is None:
        raise UnknownValidation(_("You validate nothing here."))
    return record


def _check(record: Achievement, user_id: int, day: date, today: date) -> None:
    if not platform().is_enrolled(user_id, record.action.course_key):
        raise NotALearner(_("This person is not enrolled in the course."))
    if not record.action.starts_on <= day <= today:
        raise BadDay(_("The day is between the first day of the training and today."))


def _note(record: Achievement, user_id: int, *, is_given: bool) -> None:
    """For the platform's tracking log, after the commit."""
    event = tracking.VALIDATION_GIVEN if is_given else tracking.VALIDATION_WITHDRAWN
    about = {"badge": achievement_address(record.uuid), "name": record.name}
    noted = partial(tracking.validation_changed, event, user_id, record.action.course_key, **about)
    transaction.on_commit(noted, robust=True)


def _write(
    record: Achievement,
    user_id: int,
    last: Validation | None,
    *,
    is_given: bool,
    day: date,
    words: str,
    by: int,
    now: datetime,
) -> ValidationFacts:
    """On the next rank: of two at once, the second finds it taken."""
    try:
        with transaction.atomic():
            row = Validation.objects.create(
                user_id=user_id,
                achievement=record,
                rank=last.rank + 1 if last else 1,
                is_given=is_given,
                day=day,
                words=words,
                recorded_by=by,
                recorded_at=now,
            )
            Awaited.objects.filter(user_id=user_id, achievement=record).delete()
            course_key = record.action.course_key
            transaction.on_commit(partial(validation_changed.send, None, user_id=user_id, course_key=course_key))
            _note(record, user_id, is_given=is_given)
    except IntegrityError:
        raise AlreadyValidated(_("Somebody else did it at the same moment. Look again.")) from None
    return facts(row)
