"""The door of live sessions."""

from openedx_utop.attendance.live.data import LiveHours
from openedx_utop.attendance.live.hours import live_hours, live_hours_of
from openedx_utop.attendance.live.models import Modality

__all__ = ["LiveHours", "Modality", "live_hours", "live_hours_of"]
