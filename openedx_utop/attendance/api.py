"""The attendance domain's door."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock

from openedx_utop.attendance import lease as leases
from openedx_utop.attendance.addresses.api import AddressKeyMissing, record_address
from openedx_utop.attendance.beats import parameters, record_beat, recorder
from openedx_utop.attendance.data import (
    BadLease,
    BeatAnswer,
    BodyTooLarge,
    CertifiedTime,
    CourseTime,
    ExpiredLease,
    Lease,
    MalformedBeat,
    NoLength,
    NotEnrolled,
    RecorderBusy,
    TooManyBeats,
    UnitLease,
)
from openedx_utop.attendance.flags import Flag, Remark, module_flags
from openedx_utop.attendance.live.api import attended_sessions, last_signed, signed_since
from openedx_utop.attendance.live.api import planned_seconds as planned_live_seconds
from openedx_utop.attendance.models import IdleAccommodation
from openedx_utop.attendance.overview import course_connection_seconds, last_presence
from openedx_utop.attendance.reading import course_time, course_times, total_seconds
from openedx_utop.attendance.realised import Achieved, realised_by_modality, realised_rule
from openedx_utop.attendance.record import Overlap, Portion, Rule
from openedx_utop.attendance.report import MODALITIES, TimeReport, time_report
from openedx_utop.attendance.standing import achieved
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.compat import platform
from openedx_utop.official_time import official_day
from openedx_utop.training.api import Action, action_for, policy_on

if TYPE_CHECKING:
    from openedx_utop.attendance.backends.redis.drainer import Drainer

__all__ = [
    "MODALITIES",
    "Achieved",
    "BadLease",
    "BeatAnswer",
    "BodyTooLarge",
    "CertifiedTime",
    "CourseTime",
    "ExpiredLease",
    "Flag",
    "MalformedBeat",
    "NoLength",
    "NotEnrolled",
    "Overlap",
    "Portion",
    "RecorderBusy",
    "Remark",
    "Rule",
    "TimeReport",
    "TooManyBeats",
    "UnitLease",
    "achieved",
    "attended_sessions",
    "beat_drainer",
    "course_connection_seconds",
    "course_time",
    "course_times",
    "forget_learner",
    "issue_lease",
    "last_presence",
    "last_signed",
    "lease_for_unit",
    "module_flags",
    "parameters",
    "planned_live_seconds",
    "realised_by_modality",
    "realised_rule",
    "record_beat",
    "renew_lease",
    "signed_since",
    "time_report",
    "total_seconds",
]

logger = logging.getLogger(__name__)


def issue_lease(
    user_id: int,
    course_key: CourseKey,
    module_key: UsageKey,
    unit_key: UsageKey,
    *,
    now: datetime,
    idle_seconds: int | None = None,
) -> str:
    """Signed permission for this learner to report presence on this unit, for `UTOP_LEASE_SECONDS`.

    `idle_seconds`: the silence admitted there, if it is not `UTOP_IDLE_SECONDS`.
    """
    idle = None if idle_seconds is None else idle_seconds * 1000
    return leases.sign(Lease(user_id, str(course_key), str(module_key), str(unit_key), milliseconds(now), idle))


def lease_for_unit(block: XBlock, *, now: datetime) -> UnitLease | None:
    """The lease of a rendered unit; None if nobody's time counts on it, or its course is no training action."""
    unit_key = block.scope_ids.usage_id
    user_id = platform().counted_learner(block)
    action = action_for(unit_key.course_key)
    if user_id is None or action is None:
        return None
    _remember_address(user_id, action, now)
    idle = _idle_seconds(user_id, block)
    module_key = block.parent or unit_key
    lease = issue_lease(user_id, unit_key.course_key, module_key, unit_key, now=now, idle_seconds=idle)
    return UnitLease(lease, idle)


def renew_lease(user_id: int, expired_lease: str, *, now: datetime) -> str:
    """A fresh lease for an authentic one of the same learner, however old; raises BadLease or NotEnrolled."""
    lease = leases.read(expired_lease)
    if lease.user_id != user_id:
        raise BadLease
    if not platform().is_enrolled(user_id, CourseKey.from_string(lease.course)):
        raise NotEnrolled
    return leases.renew(lease, milliseconds(now))


def beat_drainer() -> "Drainer":
    """What stores the beats that the redis recorder has queued; raises UnsafeRedis without UTOP_REDIS_URL."""
    # Redis is an extra: who does without it cannot import this.
    from openedx_utop.attendance.backends.redis.drainer import configured_drainer  # noqa: PLC0415

    return configured_drainer(parameters())


def forget_learner(user_id: int) -> None:
    """Forget the running state of the learner's tabs and how they are accommodated; presences are legal evidence."""
    IdleAccommodation.objects.filter(user_id=user_id).delete()
    recorder().forget(user_id)


def _remember_address(user_id: int, action: Action, now: datetime) -> None:
    """From where the learner connects, if the funder demands it; without a key it is not stored, and time counts."""
    address = platform().client_address()
    if not address or not policy_on(action, official_day(now)).records_ip:
        return
    try:
        record_address(user_id, action.course_key, address, now=now)
    except AddressKeyMissing:
        logger.exception("The address of a connection was not stored: UTOP_ADDRESS_KEYS holds no usable key.")


def _idle_seconds(user_id: int, block: XBlock) -> int:
    """The silence admitted of this learner on this unit."""
    seconds = settings.UTOP_ACTIVITY_IDLE_SECONDS if _holds_activity(block) else settings.UTOP_IDLE_SECONDS
    multiplier = IdleAccommodation.objects.filter(user_id=user_id).values_list("multiplier", flat=True).first()
    return int(seconds * (multiplier or 1))


def _holds_activity(block: XBlock) -> bool:
    """Whether somebody may have to think there, under any of the unit's blocks, before they touch anything."""
    children = block.get_children() if block.has_children else []
    return any(
        child.scope_ids.block_type in settings.UTOP_ACTIVITY_BLOCK_TYPES or _holds_activity(child) for child in children
    )
