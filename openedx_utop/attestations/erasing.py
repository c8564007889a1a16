"""Documents kept for as long as they promise and the law asks: each goes, and leaves what proves that it was issued."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.journal.api import Term, held, term
from openedx_utop.attestations.data import ErasedDocuments, ErasedFacts, OverDocument, UnknownAttestation
from openedx_utop.attestations.models import Attestation, ErasedAttestation
from openedx_utop.attestations.rules import sha256
from openedx_utop.official_time import official_day

AT_ONCE = 100
# Each says « 3 ans à compter de la fin de l'année du dernier paiement »; that comes within a year of the document.
PROMISED_YEARS = 3 + 1


def documents_over(*, now: datetime, limit: int) -> Iterator[OverDocument]:
    """The latest document of each award whose time is over, so many at most; none whose learner's chain is still there.

    Nor while anything waits: a contest, a correction, time that is not in the journal yet.
    """
    return islice((each for some in _over(now) for each in some), limit)


def erase_documents_over(*, now: datetime, limit: int) -> ErasedDocuments:
    """Erase them with those that they replace, an award's in one transaction; what was altered stays, as a proof."""
    erased, altered = 0, []
    for over in documents_over(now=now, limit=limit):
        with transaction.atomic():
            own = Attestation.objects.select_for_update().filter(award_uuid=over.award_uuid).order_by("-rank")
            documents = list(own)
            changed = [each.number for each in documents if sha256(each.context) != each.context_sha256]
            altered += changed
            # Another one may have replaced it meanwhile.
            if not changed and documents and documents[0].number == over.number:
                _erase(documents, over.years, now)
                erased += len(documents)
    return ErasedDocuments(erased, tuple(altered))


def erased(uuid: UUID) -> ErasedFacts:
    """What is left of a document that was erased when its time was over; raises UnknownAttestation."""
    record = ErasedAttestation.objects.filter(uuid=uuid).first()
    if record is None:
        raise UnknownAttestation(uuid)
    return _left(record)


def erased_of(award_uuid: UUID) -> ErasedFacts | None:
    """What is left of the last document of an award, if it was erased."""
    record = ErasedAttestation.objects.filter(award_uuid=award_uuid, replaced_by="").first()
    return _left(record) if record else None


def _erase(documents: list[Attestation], years: int, now: datetime) -> None:
    successor = ""
    for each in documents:
        ErasedAttestation.objects.create(
            uuid=each.uuid,
            number=each.number,
            award_uuid=each.award_uuid,
            context_sha256=each.context_sha256,
            issued_at=each.issued_at,
            replaced_by=successor,
            years=years,
            erased_at=now,
        )
        each.delete()
        successor = each.number


def _over(now: datetime) -> Iterator[list[OverDocument]]:
    courses = Attestation.objects.order_by().values_list("course_key", flat=True).distinct()
    for course_key in filter(None, courses):
        asked = term(course_key)
        kept = replace(asked, years=max(asked.years, PROMISED_YEARS))
        for portion in _portions(course_key, kept, now):
            staying = held(course_key, {each.user_id for each in portion})
            yield [
                OverDocument(each.award_uuid, each.number, str(course_key), official_day(each.issued_at), kept.years)
                for each in portion
                if each.user_id not in staying
            ]


def _portions(course_key: CourseKey, kept: Term, now: datetime) -> Iterator[list[Attestation]]:
    """Those of a course that hold, issued long enough ago, some at a time."""
    after, before = 0, now - timedelta(days=365 * kept.years)
    latest = Attestation.objects.filter(course_key=course_key, replaced_by=None, issued_at__lt=before).order_by("pk")
    while portion := list(latest.filter(pk__gt=after)[:AT_ONCE]):
        after = portion[-1].pk
        yield [each for each in portion if kept.is_over(official_day(each.issued_at), official_day(now))]


def _left(record: ErasedAttestation) -> ErasedFacts:
    return ErasedFacts(
        uuid=record.uuid,
        number=record.number,
        issued_at=record.issued_at,
        context_sha256=record.context_sha256,
        erased_at=record.erased_at,
        years=record.years,
        replaced_by=record.replaced_by,
    )
