"""The attestations domain's door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import course_time, parameters, planned_live_seconds
from openedx_utop.attendance.corrections.api import effective
from openedx_utop.attestations import rules
from openedx_utop.attestations.data import (
    AlteredContext,
    AttestationFacts,
    CannotAttest,
    ErasedDocuments,
    ErasedFacts,
    OverDocument,
    Reference,
    UnknownAttestation,
)
from openedx_utop.attestations.erasing import documents_over, erase_documents_over, erased, erased_of
from openedx_utop.attestations.models import Attestation
from openedx_utop.attestations.owed import owed_attestations, still_holds
from openedx_utop.attestations.rendering import render
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone
from openedx_utop.organizations.api import employer_of, provider
from openedx_utop.training.api import action_for

__all__ = [
    "AlteredContext",
    "AttestationFacts",
    "CannotAttest",
    "ErasedDocuments",
    "ErasedFacts",
    "OverDocument",
    "Reference",
    "UnknownAttestation",
    "attestation",
    "attestations_of",
    "documents_over",
    "erase_documents_over",
    "erased",
    "erased_of",
    "forget_learner",
    "is_attested",
    "is_intact",
    "issue_attestation",
    "owed_attestations",
    "pdf",
    "show_name",
]

# Workers that replace the same document at once: all but one look again.
ATTEMPTS = 5


def issue_attestation(
    *,
    award_uuid: UUID,
    user_id: int,
    course_key: CourseKey,
    awarded_at: datetime,
    evaluation: Mapping[str, Any],
    now: datetime,
    in_todays_name: bool = False,
) -> AttestationFacts:
    """Freeze what is known of an award into a document; a second call answers with the first's.

    Once corrections of time count that the latest document does not include, or half-days were signed since, another
    one cancels and replaces it, in the same name; so does one `in_todays_name`, if that is another.
    `evaluation`: the award's frozen figures, as `badges` keeps them. Raises CannotAttest.
    """
    for attempt in range(1, ATTEMPTS + 1):
        corrections = [str(each.uuid) for each in effective(user_id, course_key)]
        latest = Attestation.objects.filter(award_uuid=award_uuid).order_by("-rank").first()
        if latest is None and erased_of(award_uuid):
            raise CannotAttest(f"award {award_uuid}: its document was erased when its time was over")
        name = _name_today(user_id) if in_todays_name or not latest else latest.context["learner"]["name"]
        is_same = latest and name == latest.context["learner"]["name"]
        if latest and is_same and still_holds(latest, corrections):
            return _facts(latest)
        record = Attestation(
            uuid=uuid4(),
            award_uuid=award_uuid,
            rank=latest.rank + 1 if latest else 1,
            replaces=latest,
            user_id=user_id,
            course_key=course_key,
            issued_at=now,
            correction_uuids=corrections,
            name_is_public=latest.name_is_public if latest else False,
        )
        try:
            _freeze(record, _subject(record, name, awarded_at, evaluation))
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return _facts(record)


def attestation(uuid: UUID) -> AttestationFacts:
    """One document; raises UnknownAttestation."""
    return _facts(_record(uuid))


def attestations_of(user_id: int) -> tuple[AttestationFacts, ...]:
    """A learner’s documents, the latest first, in the order of their making: each before those that it replaces.

    Dates tell another one where a clock was set back.
    """
    records = _records().filter(user_id=user_id).order_by("-pk")
    return tuple(_facts(record) for record in records)


def is_attested(user_id: int, course_key: CourseKey) -> bool:
    """Whether a document about the learner in this course was ever issued."""
    return Attestation.objects.filter(user_id=user_id, course_key=course_key).exists()


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
    """Let whoever verifies see the holder's full name, or no longer, on the documents that it replaces too.

    Raises UnknownAttestation, also to non-holders.
    """
    mine = Attestation.objects.filter(user_id=user_id)
    award = mine.filter(uuid=uuid).values_list("award_uuid", flat=True).first()
    if award is None:
        raise UnknownAttestation(uuid)
    mine.filter(award_uuid=award).update(name_is_public=public)


def forget_learner(user_id: int) -> None:
    """Stop showing the name; the documents stay, for as long as the law keeps them."""
    Attestation.objects.filter(user_id=user_id).update(name_is_public=False)


def _record(uuid: UUID) -> Attestation:
    record = _records().filter(uuid=uuid).first()
    if record is None:
        raise UnknownAttestation(uuid)
    return record


def _records() -> QuerySet[Attestation]:
    return Attestation.objects.select_related("replaces", "replaced_by")


def _is_intact(record: Attestation) -> bool:
    return rules.sha256(record.context) == record.context_sha256


def _subject(record: Attestation, name: str, awarded_at: datetime, evaluation: Mapping[str, Any]) -> rules.Subject:
    action = action_for(record.course_key)
    if action is None:
        raise CannotAttest(f"course {record.course_key}")
    return rules.Subject(
        learner_name=name,
        provider=provider(action.provider_id),
        employer=employer_of(record.user_id),
        action=action,
        awarded_at=awarded_at,
        evaluation=evaluation,
        time=course_time(record.user_id, record.course_key),
        method=parameters(),
        planned_live=planned_live_seconds(record.user_id, record.course_key),
    )


def _name_today(user_id: int) -> str:
    person = platform().person(user_id)
    if person is None:
        raise CannotAttest(f"user {user_id}")
    return person.full_name.strip() or person.username


def _freeze(record: Attestation, subject: rules.Subject) -> None:
    """Insert first, on the award's next rank, so that of two at once one fails; the row then gives the number."""
    zone = official_zone()
    with transaction.atomic():
        record.number = record.uuid.hex
        record.template_version = rules.TEMPLATE_VERSION
        record.context = {}
        record.save(force_insert=True)
        record.number = rules.number(record.issued_at.astimezone(zone).year, record.pk)
        url = f"{settings.LMS_ROOT_URL}/utop/verify/{record.uuid}/"
        former = record.replaces.context if record.replaces else None
        issue = rules.Issue(record.uuid, record.number, record.issued_at, zone, url, former)
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
        certified_seconds=durations["certified"]["seconds"] if "certified" in durations else None,
        replaces=_reference(record.replaces),
        replaced_by=_reference(getattr(record, "replaced_by", None)),
    )


def _reference(record: Attestation | None) -> Reference | None:
    return Reference(record.uuid, record.number) if record else None
