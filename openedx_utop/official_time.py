"""The one time zone in which days, weeks and documents are stated, whoever looks and wherever the servers are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator

# The days that people may enter: of the very first and the very last that there are, no zone can tell the instants.
ENTERED_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))


def official_zone() -> ZoneInfo:
    """The zone named by `UTOP_TIME_ZONE`."""
    return ZoneInfo(settings.UTOP_TIME_ZONE)


def official_day(instant: datetime) -> date:
    """The calendar day of an instant."""
    return instant.astimezone(official_zone()).date()
