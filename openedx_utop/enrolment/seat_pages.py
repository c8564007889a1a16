"""What can be done to seats: take one back, invite again, download the list, say how many there are."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.enrolment import api
from openedx_utop.enrolment.models import SeatState
from openedx_utop.enrolment.pages import desk_address, desk_of
from openedx_utop.official_time import official_zone
from openedx_utop.spreadsheets import csv_response
from openedx_utop.visitors import visitor_id

MOST_SEATS = 100_000


@login_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def withdraw(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Take a seat back."""
    reason = request.POST.get("reason", "")
    take_back = partial(api.withdraw, seat_uuid=uuid, now=timezone.now(), reason=reason)
    return _done(request, course_key, take_back, _("The seat is withdrawn: its link no longer works."))


@login_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def invite_again(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Send a new link."""
    invite = partial(api.invite_again, seat_uuid=uuid, now=timezone.now())
    return _done(request, course_key, invite, _("A new invitation is on its way: the former link no longer works."))


@login_required
@never_cache
@require_POST
@transaction.non_atomic_requests
def capacity(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Say how many seats the company has; the staff's."""
    desk = desk_of(request, course_key)
    if not desk.is_staff:
        raise Http404
    typed = request.POST.get("capacity", "").strip()
    if typed and not (typed.isdecimal() and typed.isascii() and int(typed[:10]) <= MOST_SEATS):
        messages.error(request, _("Enter a number of seats, or nothing for as many as are asked for."))
        return redirect(desk_address(desk))
    by = visitor_id(request)
    api.set_capacity(course_key, desk.company, int(typed) if typed else None, by=by, now=timezone.now())
    messages.success(request, _("The number of seats is changed; those who waited for one are invited."))
    return redirect(desk_address(desk))


@login_required
@never_cache
@require_safe
def seats_csv(request: HttpRequest, course_key: CourseKey) -> HttpResponseBase:
    """The seats of the desk's company as a table to download."""
    desk = desk_of(request, course_key)
    return csv_response(f"{_('seats')}-{course_key.course}.csv", _cells(desk))


def _done(
    request: HttpRequest, course_key: CourseKey, action: Callable[[api.Desk], api.SeatFacts], said: str
) -> HttpResponse:
    """Back to the desk, with what came of it."""
    desk = desk_of(request, course_key)
    try:
        action(desk)
    except api.UnknownSeat as error:
        raise Http404 from error
    except api.SeatSettled as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(desk_address(desk))


def _cells(desk: api.Desk) -> Iterator[tuple[object, ...]]:
    zone = official_zone()
    yield _("E-mail"), _("Last name"), _("First name"), _("State"), _("Since"), _("Invitation valid until"), _("Why")
    for seat in api.seats_of(desk):
        until = seat.expires_at if seat.state == SeatState.INVITED else None
        yield (
            seat.email,
            seat.last_name,
            seat.first_name,
            SeatState(seat.state).label,
            seat.changed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            until.astimezone(zone).strftime("%Y-%m-%d") if until else "",
            seat.reason,
        )
