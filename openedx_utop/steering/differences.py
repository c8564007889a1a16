"""The team's page of the learners whose company, or the platform, now leads to another trade than theirs."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.official_time import official_day
from openedx_utop.sectors import api as sectors
from openedx_utop.steering.pages import course_of, followed_action


@dataclass(frozen=True)
class Row:
    """A learner with the trade they hold and those that their company, or the platform, leads to."""

    user_id: int
    name: str
    held: str
    led_to: tuple[str, ...]


@login_required
@never_cache
@require_safe
def differences(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Nobody is moved by a rule, nor back by us: an adviser reads this list and decides, learner by learner."""
    action = followed_action(request, course_key)
    found = sectors.differences(course_key, day=official_day(timezone.now()))
    people = platform().persons([each.user_id for each in found])
    rows = [
        Row(
            user_id=each.user_id,
            name=people[each.user_id].full_name,
            held=each.held.name,
            led_to=tuple(sector.name for sector in each.led_to),
        )
        for each in found
        if each.user_id in people
    ]
    context = {
        "action": action,
        "course": course_of(action),
        "rows": sorted(rows, key=lambda row: row.name),
        "moved": _moved(course_key),
    }
    return render(request, "openedx_utop/steering/differences.html", context)


def _moved(course_key: CourseKey) -> list[Row]:
    """Whom the platform shows another trade than the record says."""
    found = sectors.misplaced(course_key)
    people = platform().persons([each.user_id for each in found])
    rows = [
        Row(each.user_id, people[each.user_id].full_name, each.held.name, (each.shown.name,))
        for each in found
        if each.user_id in people
    ]
    return sorted(rows, key=lambda row: row.name)
