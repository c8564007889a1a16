"""The door to endorsements."""

from openedx_utop.badges.endorsements.data import EndorsementFacts, EndorsementRefused, EndorsementStatus
from openedx_utop.badges.endorsements.keeping import keep, look_up_key, look_up_keys, withdraw
from openedx_utop.badges.endorsements.signing import OwnBadge, signed_endorsement

__all__ = [
    "EndorsementFacts",
    "EndorsementRefused",
    "EndorsementStatus",
    "OwnBadge",
    "keep",
    "look_up_key",
    "look_up_keys",
    "signed_endorsement",
    "withdraw",
]
