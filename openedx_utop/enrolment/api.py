"""The enrolment domain's door."""

from openedx_utop.enrolment.accepting import accept, invitation, is_other_address
from openedx_utop.enrolment.closed import refusal
from openedx_utop.enrolment.data import (
    BadList,
    Desk,
    EnrolmentError,
    InvitationFacts,
    InvitationRefused,
    Judged,
    Line,
    ListFacts,
    OtherAddress,
    SeatFacts,
    Seats,
    SeatSettled,
    UnknownSeat,
    Verdict,
)
from openedx_utop.enrolment.desks import desk, desks, managed_courses
from openedx_utop.enrolment.invitations import unsent
from openedx_utop.enrolment.lists import applied, apply_list, dry_run
from openedx_utop.enrolment.retention import apply_retention, forget_address, forget_learner, overdue
from openedx_utop.enrolment.seats import invite_again, seats, seats_of, set_capacity, withdraw
from openedx_utop.enrolment.sending import NotSent, send
from openedx_utop.enrolment.verdicts import masked

__all__ = [
    "BadList",
    "Desk",
    "EnrolmentError",
    "InvitationFacts",
    "InvitationRefused",
    "Judged",
    "Line",
    "ListFacts",
    "NotSent",
    "OtherAddress",
    "SeatFacts",
    "SeatSettled",
    "Seats",
    "UnknownSeat",
    "Verdict",
    "accept",
    "applied",
    "apply_list",
    "apply_retention",
    "desk",
    "desks",
    "dry_run",
    "forget_address",
    "forget_learner",
    "invitation",
    "invite_again",
    "is_other_address",
    "managed_courses",
    "masked",
    "overdue",
    "refusal",
    "seats",
    "seats_of",
    "send",
    "set_capacity",
    "unsent",
    "withdraw",
]
