"""The six digits that the trainer shows: derived from the platform's secret, stored nowhere."""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from openedx_utop.attendance.live.rules import code_from, code_periods

SALT = "openedx_utop.live.code"


def code_on_show(slot_uuid: UUID, now: datetime) -> str:
    """The code of a half-day at this moment; taken for ten minutes from the moment it was first shown."""
    return _code(slot_uuid, code_periods(now)[0])


def is_code(text: str, slot_uuid: UUID, now: datetime) -> bool:
    """Whether the text, spaces aside, is a code that is taken for this half-day at this moment."""
    typed = "".join(text.split())
    # Every code is compared, so that time tells nothing.
    matches = [constant_time_compare(typed, _code(slot_uuid, period)) for period in code_periods(now)]
    return True in matches


def _code(slot_uuid: UUID, period: int) -> str:
    return code_from(salted_hmac(SALT, f"{slot_uuid} {period}", algorithm="sha256").digest())
