"""What the ends of badges' validity say to others."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Expired:
    """The time of a badge is over. `provider` renews it, `email` is theirs, empty if unknown."""

    at: datetime
    provider: str
    email: str
