"""Certificates that were never made, or that no longer hold: what a dead worker or a lost message left behind."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.api import last_signed, signed_since
from openedx_utop.attendance.corrections.api import effective, lately_corrected
from openedx_utop.attestations.models import Attestation, ErasedAttestation
from openedx_utop.compat import platform
from openedx_utop.left_behind import MOST

AT_ONCE = 500


def owed_attestations(awards: Sequence[tuple[UUID, int]], *, now: datetime) -> tuple[UUID, ...]:
    """Those of these awards, each with its learner, that lack a certificate; then those whose certificate is outdated.

    Outdated by what was signed, cancelled or corrected in the last month. 1,000 at most.
    """
    return tuple(islice(dict.fromkeys(chain(_unattested(awards), _outdated(now))), MOST))


def still_holds(latest: Attestation, corrections: Collection[str]) -> bool:
    """Whether the document includes these corrections, and every signature.

    It may include more: corrections that are kept no longer. What they were is in the document alone then.
    """
    is_corrected = not set(corrections) <= set(latest.correction_uuids)
    return not (is_corrected or signed_since(latest.user_id, latest.course_key, latest.issued_at))


def _unattested(awards: Sequence[tuple[UUID, int]]) -> Iterator[UUID]:
    for first in range(0, len(awards), AT_ONCE):
        portion = dict(awards[first : first + AT_ONCE])
        made = {*_awards_of(Attestation, portion), *_awards_of(ErasedAttestation, portion)}
        lacking = {award: user_id for award, user_id in portion.items() if award not in made}
        # Of an account that is gone nothing can be attested.
        people = platform().persons(set(lacking.values())) if lacking else {}
        yield from (award for award, user_id in lacking.items() if user_id in people)


def _awards_of(model: type[Attestation | ErasedAttestation], awards: Collection[UUID]) -> Iterable[UUID]:
    found: Iterable[UUID] = model.objects.filter(award_uuid__in=awards).values_list("award_uuid", flat=True)
    return found


def _outdated(now: datetime) -> Iterator[UUID]:
    signed, corrected = last_signed(now=now), lately_corrected(now=now)
    learners = sorted(signed.keys() | {user_id for user_id, _course in corrected})
    for first in range(0, len(learners), AT_ONCE):
        latest = Attestation.objects.filter(user_id__in=learners[first : first + AT_ONCE], replaced_by=None)
        for record in latest.order_by("pk"):
            about = record.user_id, record.course_key
            is_signed_later = record.user_id in signed and signed[record.user_id] > record.issued_at
            if (is_signed_later or about in corrected) and not _holds(record, record.user_id, record.course_key):
                yield record.award_uuid


def _holds(record: Attestation, user_id: int, course_key: CourseKey) -> bool:
    return still_holds(record, [str(each.uuid) for each in effective(user_id, course_key)])
