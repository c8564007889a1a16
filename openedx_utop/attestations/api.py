"""The attestations domain's door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import course_time, parameters, planned_live_seconds
from openedx_utop.attestations import rules
from openedx_utop.attestations.data import AlteredContext, AttestationFacts, CannotAttest, UnknownAttestation
from openedx_utop.attestations.models import Attestation
from openedx_utop.attestations.rendering import render
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone
from openedx_utop.organizations.api import employer_of, provider
from openedx_utop.training.api import action_for

__all__ = [
    "AlteredContext",
    "AttestationFacts",
    "CannotAttest",
    "UnknownAttestation",
    "attestation",
    "attestations_of",
    "forget_learner",
    "is_intact",
    "issue_attestation",
    "pdf",
    "show_name",
]


def issue_attestation(
    *,
    award_uuid: UUID,
    user_id: int,
    course_key: CourseKey,
    awarded_at: datetime,
    evaluation: Mapping[str, Any],
    now: datetime,
) -> AttestationFacts:
    """Freeze what is known of an award into a document; once per award, a second call answers with the first's.

    `evaluation`: the award's frozen figures, as `badges` keeps them. Raises CannotAttest.
    """
    if record := Attestation.objects.filter(award_uuid=award_uuid).first():
        return _facts(record)
    subject = _subject(user_id, course_key, awarded_at, evaluation)
    record = Attestation(
        uuid=uuid4(),
        award_uuid=award_uuid,
        user_id=user_id,
        course_key=course_key,
        issued_at=now,
    )
    try:
        _freeze(record, subject)
    except IntegrityError:
        record = Attestation.objects.get(award_uuid=award_uuid)
    return _facts(record)


def attestation(uuid: UUID) -> AttestationFacts:
    """One document; raises UnknownAttestation."""
    return _facts(_record(uuid))


def attestations_of(user_id: int) -> tuple[AttestationFacts, ...]:
    """A learner's documents, the latest first."""
    return tuple(_facts(record) for record in Attestation.objects.filter(user_id=user_id).order_by("-issued_at", "-pk"))


def is_intact(uuid: UUID) -> bool:
    """Whether the frozen context still has the SHA-256 it was issued with; raises UnknownAttestation."""
    return _is_intact(_record(uuid))


def pdf(uuid: UUID) -> bytes:
    """The document, rendered from its frozen context: the same bytes each time, whatever became of the account.

    Raises UnknownAttestation, AlteredContext.
    """
    record = _record(uuid)
    if not _is_intact(record):
        raise AlteredContext(record.number)
    return render(record.context)


def show_name(uuid: UUID, user_id: int, public: bool) -> None:
    """Let whoever verifies see the holder's full name, or no longer. Raises UnknownAttestation, also to non-holders."""
    if not Attestation.objects.filter(uuid=uuid, user_id=user_id).update(name_is_public=public):
        raise UnknownAttestation(uuid)


def forget_learner(user_id: int) -> None:
    """Stop showing the name; the documents stay, for as long as the law keeps them."""
    Attestation.objects.filter(user_id=user_id).update(name_is_public=False)


def _record(uuid: UUID) -> Attestation:
    record = Attestation.objects.filter(uuid=uuid).first()
    if record is None:
        raise UnknownAttestation(uuid)
    return record


def _is_intact(record: Attestation) -> bool:
    return rules.sha256(record.context) == record.context_sha256


def _subject(user_id: int, course_key: CourseKey, awarded_at: datetime, evaluation: Mapping[str, Any]) -> rules.Subject:
    person, action = platform().person(user_id), action_for(course_key)
    if person is None or action is None:
        raise CannotAttest(f"user {user_id}, course {course_key}")
    return rules.Subject(
        learner_name=person.full_name.strip() or person.username,
        provider=provider(action.provider_id),
        employer=employer_of(user_id),
        action=action,
        awarded_at=awarded_at,
        evaluation=evaluation,
        time=course_time(user_id, course_key),
        method=parameters(),
        planned_live=planned_live_seconds(user_id, course_key),
    )


def _freeze(record: Attestation, subject: rules.Subject) -> None:
    """Insert first, on the award's unique key, so that of two at once one fails; the row then gives the number."""
    zone = official_zone()
    with transaction.atomic():
        record.number = record.uuid.hex
        record.template_version = rules.TEMPLATE_VERSION
        record.context = {}
        record.save(force_insert=True)
        record.number = rules.number(record.issued_at.astimezone(zone).year, record.pk)
        url = f"{settings.LMS_ROOT_URL}/utop/verify/{record.uuid}/"
        issue = rules.Issue(record.uuid, record.number, record.issued_at, zone, url)
        record.context = rules.frozen_context(subject, issue)
        record.context_sha256 = rules.sha256(record.context)
        record.save()


def _facts(record: Attestation) -> AttestationFacts:
    context = record.context
    durations = context["durations"]
    return AttestationFacts(
        uuid=record.uuid,
        number=record.number,
        award_uuid=record.award_uuid,
        user_id=record.user_id,
        course_key=record.course_key,
        issued_at=record.issued_at,
        holder_name=context["learner"]["name"],
        name_is_public=record.name_is_public,
        provider_name=context["provider"]["name"],
        action_title=context["action"]["title"],
        estimated_seconds=durations["estimated"]["seconds"],
        realised_seconds=durations["realised"]["seconds"],
        connection_seconds=durations["connection"]["seconds"],
        context_sha256=record.context_sha256,
    )
