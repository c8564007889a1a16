"""What is said of the addresses of connections."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AddressFacts:
    """Where a learner connected from; None where no key of ours opens what was stored."""

    seen_at: datetime
    address: str | None


class AddressKeyMissing(RuntimeError):
    """`UTOP_ADDRESS_KEYS` is empty or holds what is no key: nothing may be stored in the clear."""
