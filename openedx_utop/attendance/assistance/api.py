"""The door of the log of contacts."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.assistance.data import (
    AlreadyWithdrawn,
    ContactError,
    ContactFacts,
    InvalidContact,
    NewContact,
    NotALearner,
    UnknownContact,
    Withdrawal,
)
from openedx_utop.attendance.assistance.models import LONGEST_SUBJECT, AssistanceContact, Channel, Direction
from openedx_utop.compat import platform

__all__ = [
    "LONGEST_MINUTES",
    "LONGEST_SUBJECT",
    "AlreadyWithdrawn",
    "Channel",
    "ContactError",
    "ContactFacts",
    "Direction",
    "InvalidContact",
    "NewContact",
    "NotALearner",
    "UnknownContact",
    "Withdrawal",
    "contacts_of",
    "last_contacts",
    "log_contact",
    "withdraw_contact",
]

LONGEST_MINUTES = 24 * 60


def log_contact(
    user_id: int, course_key: CourseKey, contact: NewContact, *, author_id: int, now: datetime
) -> ContactFacts:
    """Record a contact. The caller knows that the author belongs to the team.

    Raises NotALearner and InvalidContact.
    """
    if not platform().is_enrolled(user_id, course_key):
        raise NotALearner(_("This person is not enrolled in the course."))
    _refuse_impossible(contact, now)
    record = AssistanceContact.objects.create(
        user_id=user_id,
        course_key=course_key,
        author_id=author_id,
        channel=contact.channel,
        direction=contact.direction,
        at=contact.at,
        minutes=contact.minutes,
        subject=contact.subject.strip(),
        text=contact.text.strip(),
        recorded_at=now,
    )
    return _facts(record)


def withdraw_contact(
    uuid: UUID, user_id: int, course_key: CourseKey, *, author_id: int, reason: str, now: datetime
) -> None:
    """Say that a contact was recorded by mistake; it stays, marked.

    Raises UnknownContact, AlreadyWithdrawn, and InvalidContact without a reason.
    """
    record = _contacts(user_id, course_key).filter(uuid=uuid).first()
    if record is None:
        raise UnknownContact(_("There is no such contact."))
    if not reason.strip():
        raise InvalidContact(_("Say why this contact is withdrawn."))
    withdrawal = AssistanceContact(
        user_id=user_id,
        course_key=course_key,
        author_id=author_id,
        channel=record.channel,
        direction=record.direction,
        at=record.at,
        subject=record.subject,
        text=reason.strip(),
        recorded_at=now,
        withdraws=record,
    )
    try:
        with transaction.atomic():
            withdrawal.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyWithdrawn(_("This contact was withdrawn already.")) from error


def contacts_of(user_id: int, course_key: CourseKey) -> tuple[ContactFacts, ...]:
    """The learner's contacts in a course with their authors' names, the latest first, those withdrawn too."""
    found = [_facts(record) for record in _contacts(user_id, course_key).order_by("-at", "-pk")]
    authors = platform().persons({contact.author_id for contact in found})
    return tuple(
        replace(contact, author_name=authors[contact.author_id].full_name) if contact.author_id in authors else contact
        for contact in found
    )


def last_contacts(course_key: CourseKey, user_ids: Collection[int]) -> dict[int, ContactFacts]:
    """The latest contact of each of these learners that has one, leaving those withdrawn out; one query."""
    records = AssistanceContact.objects.select_related("withdrawal").filter(
        course_key=course_key, user_id__in=user_ids, withdraws=None, withdrawal=None
    )
    return {record.user_id: _facts(record) for record in records.order_by("at", "pk")}


def _contacts(user_id: int, course_key: CourseKey) -> QuerySet[AssistanceContact]:
    records = AssistanceContact.objects.select_related("withdrawal")
    return records.filter(user_id=user_id, course_key=course_key, withdraws=None)


def _refuse_impossible(contact: NewContact, now: datetime) -> None:
    if contact.channel not in Channel.values or contact.direction not in Direction.values:
        raise InvalidContact(_("Choose how the contact was made, and by whom."))
    if contact.at > now:
        raise InvalidContact(_("The contact cannot be in the future."))
    if not 0 <= contact.minutes <= LONGEST_MINUTES:
        raise InvalidContact(_("The duration is between 0 and 1,440 minutes."))
    if not 0 < len(contact.subject.strip()) <= LONGEST_SUBJECT:
        raise InvalidContact(_("Say in at most 200 characters what the contact was about."))


def _facts(record: AssistanceContact) -> ContactFacts:
    withdrawal = getattr(record, "withdrawal", None)
    return ContactFacts(
        uuid=record.uuid,
        user_id=record.user_id,
        course_key=record.course_key,
        author_id=record.author_id,
        channel=record.channel,
        channel_name=str(Channel(record.channel).label),
        direction=record.direction,
        direction_name=str(Direction(record.direction).label),
        at=record.at,
        minutes=record.minutes,
        subject=record.subject,
        text=record.text,
        recorded_at=record.recorded_at,
        withdrawal=Withdrawal(withdrawal.author_id, withdrawal.recorded_at, withdrawal.text) if withdrawal else None,
    )
