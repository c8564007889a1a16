"""The page of those who enrol people: paste a list, see what it would do, apply it, follow the seats."""

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import Course, platform
from openedx_utop.enrolment import api
from openedx_utop.enrolment.list_file import MOST_BYTES
from openedx_utop.enrolment.wording import GOOD, VERDICTS
from openedx_utop.official_time import official_zone
from openedx_utop.organizations.api import InvalidSiret, check_siret
from openedx_utop.sectors.api import offered_sectors
from openedx_utop.training.api import action_for
from openedx_utop.visitors import visitor_id

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# Of 200 lines, that a person waits for.
PORTIONS = 5


@dataclass(frozen=True)
class Row:
    """A line as the page shows it."""

    judged: api.Judged
    said: "StrOrPromise"
    is_good: bool


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
def enrolment(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The seats and the form; a list sent here is tried, and nothing is written."""
    try:
        desk = desk_of(request, course_key)
    except InvalidSiret as error:
        return _page(request, desk_of(request, course_key, company=None), {"siret_error": error}, status=400)
    if request.method != "POST":
        return _page(request, desk)
    try:
        content = _sent(request)
        judged = api.dry_run(desk, content, now=timezone.now())
    except api.BadList as error:
        return _page(request, desk, {"error": error}, status=400)
    shown = {"list": base64.b64encode(content).decode(), "form_id": uuid4(), **_verdicts(judged)}
    return _page(request, desk, shown)


@login_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def apply(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Give the seats, those of a long list by a worker; the same form sent twice gives them once."""
    desk = desk_of(request, course_key)
    try:
        content = base64.b64decode(request.POST.get("list", ""), validate=True)
        form_id = UUID(request.POST.get("form_id", ""))
        uuid = api.begin_list(desk, content, form_id=form_id, now=timezone.now())
    except api.BadList as error:
        return _page(request, desk, {"error": error}, status=400)
    except (binascii.Error, ValueError):
        return _page(request, desk, {"error": _("This form has expired. Paste the list once more.")}, status=400)
    return redirect(_address("enrolment-list", desk, uuid))


@login_required
@never_cache
@require_safe
def applied(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """What became of each line of a list, or how far it is."""
    desk = desk_of(request, course_key)
    found = api.applied(desk, uuid)
    if found is None:
        raise Http404
    here = _address("enrolment-list", desk, uuid)
    shown = {"found": found, "here": here, "zone": official_zone(), **_verdicts(found.lines)}
    return render(request, "openedx_utop/enrolment/applied.html", _context(desk) | shown)


@login_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def go_on(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Deal with some more lines of a list at once, whatever becomes of the worker."""
    desk = desk_of(request, course_key)
    if api.applied(desk, uuid) is None:
        raise Http404
    api.continue_list(uuid, now=timezone.now(), portions=PORTIONS)
    return redirect(_address("enrolment-list", desk, uuid))


# The parameter that says which company; without it, the first that the person answers for.
FROM_ADDRESS = object()


def desk_of(request: HttpRequest, course_key: CourseKey, company: object = FROM_ADDRESS) -> api.Desk:
    """Where the person sits; 404 for whoever enrols nobody here. Raises InvalidSiret for the staff's typing errors."""
    if company is FROM_ADDRESS:
        company = request.POST.get("company", request.GET.get("company"))
    user_id = visitor_id(request)
    found = api.desk(user_id, course_key, cast("str | None", company)) if action_for(course_key) else None
    if found is None:
        if company and action_for(course_key) and platform().is_course_staff(user_id, course_key):
            check_siret(cast(str, company))
        raise Http404
    return found


def desk_address(desk: api.Desk) -> str:
    """The desk's own page."""
    return _address("enrolment", desk)


def _address(name: str, desk: api.Desk, *arguments: object) -> str:
    path = reverse(f"openedx_utop:{name}", args=[desk.course_key, *arguments])
    return f"{path}?{urlencode({'company': desk.company})}"


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is not None:
        # One byte more than is taken, so that a larger file is told as such.
        return bytes(file.read(MOST_BYTES + 1))
    return request.POST.get("list", "").encode()


def _verdicts(judged: Sequence[api.Judged]) -> dict[str, Any]:
    counts = Counter(each.verdict for each in judged)
    rows = [Row(each, VERDICTS[each.verdict], each.verdict in GOOD) for each in judged if each.verdict]
    return {
        "rows": rows,
        "counts": [(said, counts[verdict], verdict in GOOD) for verdict, said in VERDICTS.items() if counts[verdict]],
        "has_any": bool(counts[api.Verdict.SEAT] or counts[api.Verdict.WAITING]),
    }


def _context(desk: api.Desk) -> dict[str, Any]:
    course = platform().course(desk.course_key) or Course(desk.course_key, str(desk.course_key), "")
    return {"desk": desk, "course": course, "address": desk_address(desk)}


def _page(request: HttpRequest, desk: api.Desk, shown: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "desks": api.desks(desk.user_id, desk.course_key),
        "seats": api.seats(desk),
        "may_take_back": api.may_take_back(desk, now=now),
        "people": [(seat, seat.has_expired(now)) for seat in api.seats_of(desk)],
        "sectors": offered_sectors(desk.course_key),
        "zone": official_zone(),
    }
    page = "openedx_utop/enrolment/enrolment.html"
    return render(request, page, _context(desk) | context | (shown or {}), status=status)
