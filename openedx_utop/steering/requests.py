"""Changes of trade, for the team: the open requests of a course, the answers, and a change of one's own accord."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.sectors import api as sectors
from openedx_utop.sectors.changes import api as changes
from openedx_utop.steering import api
from openedx_utop.steering.pages import course_of, followed_action
from openedx_utop.visitors import visitor_id


@dataclass(frozen=True)
class Asked:
    """An open request, who asks, and the trade they hold."""

    request: changes.RequestFacts
    name: str
    held: sectors.SectorFacts | None


@login_required
@never_cache
@require_safe
def open_requests(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """What waits for an answer, the oldest first."""
    action = followed_action(request, course_key)
    context = {
        "action": action,
        "course": course_of(action),
        "asked": list(_asked(course_key)),
        "lock": changes.lock_of(course_key, today=official_day(timezone.now())),
        "zone": official_zone(),
        "longest": changes.LONGEST_REASON,
    }
    return render(request, "openedx_utop/steering/requests.html", context)


# Not in a transaction: the platform's own tasks, sent when the group changes, must see the change.
@transaction.non_atomic_requests
@login_required
@never_cache
@require_POST
def answer(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Accept or refuse a request: `outcome`, and `reason` for the learner to read."""
    followed_action(request, course_key)
    accepts = request.POST.get("outcome") == changes.Outcome.ACCEPTED
    decide = changes.accept if accepts else changes.refuse
    by, reason = visitor_id(request), request.POST.get("reason", "")
    try:
        decide(uuid, course_key, reason=reason, by=by, now=timezone.now())
    except changes.UnknownRequest as unknown:
        raise Http404(str(unknown)) from unknown
    except sectors.SectorError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The change is made; the learner reads your answer.")
            if accepts
            else _("The request is refused; the learner reads why."),
        )
    return redirect("openedx_utop:steering-requests", course_key)


@transaction.non_atomic_requests
@login_required
@never_cache
@require_POST
def set_sector(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """Give a learner another trade or level: `sector` and `level` are slugs, `reason` says why."""
    now, by, reason = timezone.now(), visitor_id(request), request.POST.get("reason", "")
    action = followed_action(request, course_key)
    if api.learner_row(action, user_id, now=now) is None:
        raise Http404(_("This person is not enrolled in the course."))
    try:
        if not reason.strip():
            raise changes.ReasonMissing(_("Say why: the learner reads it."))
        sectors.choose_sector(
            user_id,
            course_key,
            request.POST.get("sector", ""),
            chosen_by=by,
            now=now,
            reason=reason,
            level=request.POST.get("level"),
        )
    except sectors.SectorError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The learner’s way is set; they can read who set it and why."))
    return redirect(reverse("openedx_utop:steering-record", args=[course_key, user_id]) + "#utop-trade")


def _asked(course_key: CourseKey) -> Iterator[Asked]:
    waiting = changes.open_requests(course_key)
    user_ids = {each.user_id for each in waiting}
    people, held = platform().persons(user_ids), sectors.learner_sectors(course_key, user_ids)
    for each in waiting:
        person = people.get(each.user_id)
        if person is not None:
            yield Asked(each, person.full_name, held.get(each.user_id))
