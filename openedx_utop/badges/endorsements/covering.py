"""Whether a badge's signature would cover all that is embedded in it: what two parts say alike could go unnoticed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from openedx_utop.badges import rules
from openedx_utop.badges.endorsements.rules import statements
from openedx_utop.badges.proofs import by_the_library
from openedx_utop.badges.terms import is_token

SAMPLE = rules.Achievement(
    address="urn:uuid:00000000-0000-4000-8000-000000000001",
    image="urn:uuid:00000000-0000-4000-8000-000000000002",
    name="-",
    description="-",
    criteria="-",
    required_grade=0,
)


@lru_cache(maxsize=64)
def is_covered(issuer: rules.Issuer, achievement: rules.Achievement) -> bool:
    """Whether nothing is said twice in a badge of theirs; raises UnsignableDocument and JsonLdError."""
    own = rules.Particulars(
        address=f"{achievement.address}#sample",
        subject="urn:uuid:00000000-0000-4000-8000-000000000000",
        status={"id": f"{achievement.address}#status", "type": "BitstringStatusListEntry"},
        identity_hash="sha256$0",
        salt="0",
        valid_from="2026-01-01T00:00:00Z",
        valid_until=None,
        result=None,
        narrative="-",
    )
    document = rules.document_of(issuer, achievement, own)
    return all_is_covered(document, [issuer.endorsements, achievement.endorsements])


def all_is_covered(document: Mapping[str, Any], endorsements: Iterable[Sequence[str]]) -> bool:
    """Whether nothing is said twice in an unsigned credential; `endorsements`: its own, by what they are of.

    Raises UnsignableDocument and JsonLdError.
    """
    # Each says of what it endorses that it is an EndorsementSubject; without that word its comment would go as well.
    # What a token says is no statement of the document's.
    said_alike = sum(max(len([each for each in of if not is_token(each)]) - 1, 0) for of in endorsements)
    return statements(document) - len(by_the_library(document).splitlines()) == said_alike


def with_what_fits(issuer: rules.Issuer, achievement: rules.Achievement) -> rules.Issuer:
    """The issuer with those of its endorsements that this badge can carry: whoever vouches for both says it once."""
    for text in issuer.endorsements:
        fewer = replace(issuer, endorsements=tuple(each for each in issuer.endorsements if each != text))
        if not is_covered(replace(issuer, endorsements=(text,)), achievement):
            return with_what_fits(fewer, achievement)
    return issuer
