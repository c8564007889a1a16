"""The door to endorsements."""

from openedx_utop.badges.endorsements.data import (
    EndorsementFacts,
    EndorsementRefused,
    EndorsementStatus,
    Standing,
    UnknownEndorsement,
)
from openedx_utop.badges.endorsements.keeping import (
    keep,
    keep_of_credential,
    keep_of_issuer,
    look_up_endorsers,
    look_up_key,
    look_up_standing,
    withdraw,
)
from openedx_utop.badges.endorsements.signing import OwnBadge, give_endorsement, take_back

__all__ = [
    "EndorsementFacts",
    "EndorsementRefused",
    "EndorsementStatus",
    "OwnBadge",
    "Standing",
    "UnknownEndorsement",
    "give_endorsement",
    "keep",
    "keep_of_credential",
    "keep_of_issuer",
    "look_up_endorsers",
    "look_up_key",
    "look_up_standing",
    "take_back",
    "withdraw",
]
