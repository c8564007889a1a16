"""What became of each track of a course: as figures, as a page and as a table to download."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.spreadsheets import csv_response
from openedx_utop.steering import api
from openedx_utop.steering.pages import course_of, followed_action
from openedx_utop.templatetags.utop import clock


@login_required
@never_cache
@require_safe
def tracks(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The tracks side by side."""
    action = followed_action(request, course_key)
    context = {"action": action, "course": course_of(action), "tracks": api.figures_of_tracks(course_key)}
    return render(request, "openedx_utop/steering/tracks.html", context)


@login_required
@never_cache
@require_safe
def tracks_csv(request: HttpRequest, course_key: CourseKey) -> HttpResponseBase:
    """The same figures, as a table to download."""
    followed_action(request, course_key)
    return csv_response(f"{_('tracks')}-{course_key.course}.csv", _cells(api.figures_of_tracks(course_key)))


def _cells(rows: Iterable[api.TrackFigures]) -> Iterator[tuple[object, ...]]:
    yield (
        _("Trade"),
        _("Have chosen it"),
        _("Came from another trade"),
        _("Left for another trade"),
        _("Learners now"),
        _("Finished"),
        _("Left the course"),
        _("Connection time"),
        _("Connection time per learner"),
    )
    for row in rows:
        yield (
            row.sector.name if row.sector else _("not chosen yet"),
            row.chosen,
            row.arrived,
            row.left,
            row.learners,
            row.finished,
            row.dropped,
            clock(row.connection_seconds),
            clock(row.mean_seconds),
        )
