"""What one learner has got from one training action: the award, the badge, the certificate."""

from dataclasses import dataclass
from uuid import UUID

from opaque_keys.edx.keys import CourseKey

from openedx_utop.attestations.api import AttestationFacts, attestations_of
from openedx_utop.badges.api import AwardFacts, CredentialFacts, awards_of, credentials_of


@dataclass(frozen=True)
class Outcome:
    """An award with what followed from it so far; the latest of each.

    `former_attestations`: the certificates that the one that holds cancels and replaces, the latest first.
    """

    award: AwardFacts
    credential: CredentialFacts | None
    attestation: AttestationFacts | None
    former_attestations: tuple[AttestationFacts, ...] = ()


def outcome(user_id: int, course_key: CourseKey, achievement: UUID | None = None) -> Outcome | None:
    """What the learner has of the whole action of a course run, or of this achievement; None before the award."""
    mine = (each for each in awards_of(user_id) if each.course_key == course_key)
    wanted = (each for each in mine if (each.achievement.uuid == achievement if achievement else each.is_whole))
    award = next(wanted, None)
    if award is None:
        return None
    documents = tuple(each for each in attestations_of(user_id) if each.award_uuid == award.uuid)
    return Outcome(
        award=award,
        credential=next((each for each in credentials_of(user_id) if each.award.uuid == award.uuid), None),
        attestation=documents[0] if documents else None,
        former_attestations=documents[1:],
    )
