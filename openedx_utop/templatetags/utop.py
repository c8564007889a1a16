"""Filters of our templates."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openedx_utop.markup import as_html
from openedx_utop.official_time import official_zone

register = template.Library()

MINUTE = 60
HOUR = 60


register.simple_tag(official_zone)


@register.filter
def duration(seconds: float) -> str:
    """Whole minutes in words: « 1 h 05 min », « 12 min », « less than a minute »."""
    minutes = int(seconds) // MINUTE
    if minutes >= HOUR:
        return _("{hours} h {minutes:02d} min").format(hours=minutes // HOUR, minutes=minutes % HOUR)
    if minutes == 0 and seconds > 0:
        return _("less than a minute")
    return _("{minutes} min").format(minutes=minutes)


@register.filter
def clock(seconds: float) -> str:
    """Hours, minutes and seconds: « 1:05:09 »."""
    whole = int(seconds)
    return f"{whole // HOUR // MINUTE}:{whole // MINUTE % MINUTE:02d}:{whole % MINUTE:02d}"


@register.filter
def signed_clock(seconds: float) -> str:
    """The same with its sign: « +0:15:00 », « −0:15:00 »."""
    return f"{'−' if seconds < 0 else '+'}{clock(abs(seconds))}"


@register.filter
def narrative(text: str) -> SafeString:
    """What an author wrote of a badge, in Markdown, as harmless HTML."""
    return as_html(text)
