"""The door to the ends of badges' validity."""

from openedx_utop.badges.expiry.reminding import expiring, remind

__all__ = ["expiring", "remind"]
