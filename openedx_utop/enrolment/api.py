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
    ReasonNeeded,
    SeatFacts,
    Seats,
    SeatSettled,
    UnknownSeat,
    Verdict,
)
from openedx_utop.enrolment.desks import desk, desks, managed_courses
from openedx_utop.enrolment.invitations import unsent
from openedx_utop.enrolment.lists import applied, apply_list, begin_list, continue_list, dry_run, unfinished_lists
from openedx_utop.enrolment.retention import apply_retention, forget_address, forget_learner, overdue
from openedx_utop.enrolment.seats import invite_again, offered_to, seats, seats_of, set_capacity
from openedx_utop.enrolment.sending import NotSent, send, send_notice, undelivered_notices
from openedx_utop.enrolment.verdicts import masked
from openedx_utop.enrolment.withdrawing import end_enrolments, may_take_back, withdraw

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
    "ReasonNeeded",
    "SeatFacts",
    "SeatSettled",
    "Seats",
    "UnknownSeat",
    "Verdict",
    "accept",
    "applied",
    "apply_list",
    "apply_retention",
    "begin_list",
    "continue_list",
    "desk",
    "desks",
    "dry_run",
    "end_enrolments",
    "forget_address",
    "forget_learner",
    "invitation",
    "invite_again",
    "is_other_address",
    "managed_courses",
    "masked",
    "may_take_back",
    "offered_to",
    "overdue",
    "refusal",
    "seats",
    "seats_of",
    "send",
    "send_notice",
    "set_capacity",
    "undelivered_notices",
    "unfinished_lists",
    "unsent",
    "withdraw",
]
