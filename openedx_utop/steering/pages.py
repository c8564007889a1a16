"""The team's pages: who needs attention, and each person's record."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.validations import api as validations
from openedx_utop.compat import Course, platform
from openedx_utop.official_time import official_zone
from openedx_utop.sectors.api import Level, offer_of, offered_sectors
from openedx_utop.sectors.changes.api import open_requests
from openedx_utop.spreadsheets import csv_response
from openedx_utop.steering import api
from openedx_utop.steering.wording import FILTERS, ORDERS
from openedx_utop.templatetags.utop import clock
from openedx_utop.training.api import Action, action_for
from openedx_utop.visitors import visitor_id


@dataclass(frozen=True)
class Tab:
    """A filter of the list, as a link."""

    name: str | Promise
    count: int
    query: str
    is_current: bool


def followed_action(request: HttpRequest, course_key: CourseKey) -> Action:
    """The course's training action, for its staff; for everybody else the page does not exist."""
    action = action_for(course_key)
    if action is None or not platform().is_course_staff(visitor_id(request), course_key):
        raise Http404(_("Course not found"))
    return action


def course_of(action: Action) -> Course:
    """The action's course run, by its own title if the host no longer knows it."""
    return platform().course(action.course_key) or Course(action.course_key, action.title, "")


@login_required
@never_cache
@require_safe
def learners(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The learners of a training action, those who need attention first."""
    action = followed_action(request, course_key)
    question = _question(request)
    found = api.roster(action, question, page=_page(request), now=timezone.now())
    context = {
        "action": action,
        "course": course_of(action),
        "roster": found,
        "question": question,
        "tabs": [_tab(request, question, each, found) for each in api.Filter],
        "orders": ORDERS,
        "sectors": offered_sectors(course_key),
        "no_sector": api.NO_SECTOR,
        "levels": offer_of(course_key).levels,
        "waiting": len(open_requests(course_key)),
        **_validations(request, action),
        "is_author": platform().is_course_author(visitor_id(request), course_key),
        "inactive_days": settings.UTOP_INACTIVE_DAYS,
        "grace_days": settings.UTOP_BEHIND_DAYS,
        "expected_percent": round(found.yardstick.expected_share * 100),
        "zone": official_zone(),
        "query": _query(request, page=None),
        "previous": _query(request, page=str(found.page - 1)) if found.page > 1 else "",
        "next": _query(request, page=str(found.page + 1)) if found.page < found.pages else "",
    }
    return render(request, "openedx_utop/steering/learners.html", context)


@login_required
@never_cache
@require_safe
def learners_csv(request: HttpRequest, course_key: CourseKey) -> HttpResponseBase:
    """The same list, all its pages, as a table to download."""
    action = followed_action(request, course_key)
    rows = api.whole_roster(action, _question(request), now=timezone.now())
    return csv_response(f"{_('follow-up')}-{course_key.course}.csv", _cells(rows))


def _validations(request: HttpRequest, action: Action) -> dict[str, object]:
    by = visitor_id(request)
    validates = bool(validations.validated_by(by, action))
    return {"validates": validates, "validations_waiting": validations.waiting_count(by, action) if validates else 0}


def _question(request: HttpRequest) -> api.Question:
    """What the address asks for; what it says wrongly is left out."""
    only, order, level = (request.GET.get(name, "") for name in ("only", "order", "level"))
    return api.Question(
        only=api.Filter(only) if only in list(api.Filter) else api.Filter.EVERYBODY,
        order=api.Order(order) if order in list(api.Order) else api.Order.ATTENTION,
        sector=request.GET.get("sector", "")[:64],
        level=Level(level) if level in list(Level) else None,
        text=request.GET.get("text", "")[:100].replace("\0", ""),
    )


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The address's own query with these changes, as a link within the page needs it."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _tab(request: HttpRequest, question: api.Question, only: api.Filter, found: api.Roster) -> Tab:
    query = _query(request, only=only.value, page=None)
    return Tab(FILTERS[only], found.counts[only], query, is_current=question.only is only)


def _cells(rows: Iterator[api.LearnerRow]) -> Iterator[tuple[object, ...]]:
    zone = official_zone()
    yield (
        _("Name"),
        _("E-mail"),
        _("Trade"),
        _("Level"),
        _("Last presence"),
        _("Connection time"),
        _("Certified time"),
        _("of it live hours"),
        _("Modules completed"),
        _("Modules of the path"),
        _("Estimated duration of the modules completed"),
        _("Estimated duration"),
        _("Inactive"),
        _("Behind"),
        _("Finished"),
        _("Last contact"),
    )
    for row in rows:
        yield (
            row.name,
            row.email,
            row.sector.name if row.sector else "",
            row.level.label if row.level else "",
            row.last_presence.astimezone(zone).strftime("%Y-%m-%d %H:%M") if row.last_presence else "",
            clock(row.connection_seconds),
            clock(row.certified_seconds),
            clock(row.certified_live_seconds),
            row.progress.modules_done,
            row.progress.modules_total,
            clock(row.progress.realised_seconds),
            clock(row.progress.estimated_seconds),
            _yes(row.attention.is_inactive),
            _yes(row.attention.is_behind),
            _yes(row.progress.is_finished),
            row.last_contact.at.astimezone(zone).strftime("%Y-%m-%d") if row.last_contact else "",
        )


def _yes(holds: bool) -> str:
    return _("yes") if holds else ""
