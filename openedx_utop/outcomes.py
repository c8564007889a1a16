"""What one learner has got from one training action: the award, the badge, the certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attestations.api import AttestationFacts, ErasedFacts, attestations_of, erased_of
from openedx_utop.badges.api import AwardFacts, CredentialFacts, awards_of, credentials_of, is_badge_refused
from openedx_utop.badges.expiry.api import Expired, expired


@dataclass(frozen=True)
class Outcome:
    """An award with what followed from it so far; the latest of each.

    `is_badge_refused`: the learner wants none, and there is none. `former_attestations`: the certificates that the one
    that holds cancels and replaces, the latest first. `expired`: the badge's time is over. `erased`: what is left of
    the certificate, whose time is over.
    """

    award: AwardFacts
    credential: CredentialFacts | None
    attestation: AttestationFacts | None
    former_attestations: tuple[AttestationFacts, ...] = ()
    is_badge_refused: bool = False
    expired: Expired | None = None
    erased: ErasedFacts | None = None


def outcome(user_id: int, course_key: CourseKey, achievement: UUID | None = None) -> Outcome | None:
    """What the learner has of the whole action of a course run, or of this achievement; None before the award."""
    found = outcomes(user_id, course_key)
    if achievement is None:
        return next((each for each in found if each.award.is_whole), None)
    return next((each for each in found if each.award.achievement.uuid == achievement), None)


def outcomes(user_id: int, course_key: CourseKey) -> tuple[Outcome, ...]:
    """What the learner has of the whole action and of its parts, as far as it is awarded."""
    awards = [each for each in awards_of(user_id) if each.course_key == course_key]
    documents, badges = (attestations_of(user_id), credentials_of(user_id)) if awards else ((), ())
    return tuple(_outcome(award, documents, badges) for award in awards)


def _outcome(
    award: AwardFacts, documents: Sequence[AttestationFacts], credentials: Sequence[CredentialFacts]
) -> Outcome:
    own = tuple(each for each in documents if each.award_uuid == award.uuid)
    credential = next((each for each in credentials if each.award.uuid == award.uuid), None)
    return Outcome(
        award=award,
        credential=credential,
        attestation=own[0] if own else None,
        former_attestations=own[1:],
        is_badge_refused=_has_ended(credential) and is_badge_refused(award.uuid),
        expired=expired(credential, now=timezone.now()),
        erased=None if own or not award.is_whole else erased_of(award.uuid),
    )


def _has_ended(credential: CredentialFacts | None) -> bool:
    """Whether there is no badge, or none any more by its holder's own will."""
    return credential is None or bool(credential.revocation and credential.revocation.by_holder)
