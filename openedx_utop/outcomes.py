"""What one learner has got from one training action: the award, the badge, the certificate."""

from dataclasses import dataclass

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


def outcome(user_id: int, course_key: CourseKey) -> Outcome | None:
    """The learner's outcome in a course run; None before the award."""
    award = next((each for each in awards_of(user_id) if each.course_key == course_key), None)
    if award is None:
        return None
    documents = tuple(each for each in attestations_of(user_id) if each.award_uuid == award.uuid)
    return Outcome(
        award=award,
        credential=next((each for each in credentials_of(user_id) if each.award.uuid == award.uuid), None),
        attestation=documents[0] if documents else None,
        former_attestations=documents[1:],
    )
