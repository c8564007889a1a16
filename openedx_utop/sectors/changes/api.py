"""Changes of trade: the door of this part of the sectors domain."""

from openedx_utop.sectors.changes.data import (
    AlreadyAnswered,
    AnswerFacts,
    ChoiceFacts,
    Lock,
    NotAnAdviser,
    NothingToAsk,
    ReasonMissing,
    RequestFacts,
    RequestPending,
    UnknownRequest,
)
from openedx_utop.sectors.changes.models import ChangeRequest, Outcome
from openedx_utop.sectors.changes.reading import history_of, lock_of, open_requests, requests_of, tracks_followed
from openedx_utop.sectors.changes.requests import accept, ask, refuse, withdraw
from openedx_utop.sectors.changes.rules import LONGEST_REASON

__all__ = [
    "LONGEST_REASON",
    "AlreadyAnswered",
    "AnswerFacts",
    "ChoiceFacts",
    "Lock",
    "NotAnAdviser",
    "NothingToAsk",
    "Outcome",
    "ReasonMissing",
    "RequestFacts",
    "RequestPending",
    "UnknownRequest",
    "accept",
    "ask",
    "forget_learner",
    "history_of",
    "lock_of",
    "open_requests",
    "refuse",
    "requests_of",
    "tracks_followed",
    "withdraw",
]


def forget_learner(user_id: int) -> None:
    """Erase what the learner asked for, and the answers."""
    ChangeRequest.objects.filter(user_id=user_id).delete()
