"""What is said to a badge platform, and what it may answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Order:
    """A badge to be issued on a platform: to whom, and the mark by which we know it again.

    `badge` is the platform's own identifier of the badge, `proof` the address where anyone verifies ours.
    """

    mark: str
    badge: str
    name: str
    email: str
    issued_at: datetime
    proof: str


@dataclass(frozen=True)
class PlatformBadge:
    """A badge that the platform offers to issue."""

    identifier: str
    name: str


class PlatformRefused(Exception):
    """The platform will never accept this as it is; the message says why, for the operator."""


class PlatformUnavailable(Exception):
    """No answer, or one that leaves open what was done; `retry_after` is in seconds, if the platform said it."""

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BadgePlatform(Protocol):
    """One account on one platform. Every method raises PlatformRefused and PlatformUnavailable."""

    def badges(self) -> tuple[PlatformBadge, ...]:
        """The badges of the account, by name."""

    def issue(self, order: Order) -> str:
        """Issue the badge; the answer is the platform's identifier of what was issued."""

    def find(self, order: Order) -> str | None:
        """What an earlier order of the same mark made, revoked or not; None: nothing."""

    def revoke(self, identifier: str, reason: str) -> None:
        """Revoke what was issued; what is revoked already stays so."""
