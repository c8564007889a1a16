"""The door to the ends of badges' validity."""

from openedx_utop.badges.expiry.data import Expired
from openedx_utop.badges.expiry.ending import expired
from openedx_utop.badges.expiry.reminding import expiring, remind

__all__ = ["Expired", "expired", "expiring", "remind"]
