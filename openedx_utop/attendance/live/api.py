"""The door of live sessions."""

from openedx_utop.attendance.live.data import LiveHours
from openedx_utop.attendance.live.hours import live_hours, live_hours_of

__all__ = ["LiveHours", "live_hours", "live_hours_of"]
