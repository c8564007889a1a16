"""The door to endorsements."""

from openedx_utop.badges.endorsements.data import EndorsementFacts, EndorsementRefused, EndorsementStatus, Standing
from openedx_utop.badges.endorsements.keeping import (
    keep,
    keep_of_issuer,
    look_up_endorsers,
    look_up_key,
    look_up_standing,
    withdraw,
)
from openedx_utop.badges.endorsements.signing import OwnBadge, signed_endorsement

__all__ = [
    "EndorsementFacts",
    "EndorsementRefused",
    "EndorsementStatus",
    "OwnBadge",
    "Standing",
    "keep",
    "keep_of_issuer",
    "look_up_endorsers",
    "look_up_key",
    "look_up_standing",
    "signed_endorsement",
    "withdraw",
]
