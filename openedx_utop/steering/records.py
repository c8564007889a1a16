"""One learner's record, for the team: time, documents, contacts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance import api as attendance
from openedx_utop.attendance.assistance import api as assistance
from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api as badges
from openedx_utop.official_time import official_day, official_zone
from openedx_utop.sectors import api as sectors
from openedx_utop.sectors.changes import api as changes
from openedx_utop.steering import api
from openedx_utop.steering.forms import ContactForm, blank_form
from openedx_utop.steering.pages import course_of, followed_action
from openedx_utop.training.api import Action
from openedx_utop.visitors import visitor_id


@dataclass(frozen=True)
class Followed:
    """A learner of an action, as seen by its team."""

    action: Action
    row: api.LearnerRow


@login_required
@never_cache
@require_safe
def record(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """Everything the team needs to know of one learner."""
    now = timezone.now()
    return _shown(request, _followed(request, course_key, user_id, now), blank_form(now))


@login_required
@never_cache
@require_POST
def log_contact(request: HttpRequest, course_key: CourseKey, user_id: int) -> HttpResponse:
    """Note a contact; what cannot be comes back in the form with the reason."""
    now = timezone.now()
    followed = _followed(request, course_key, user_id, now)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            author = visitor_id(request)
            assistance.log_contact(user_id, course_key, form.contact, author_id=author, now=now)
        except assistance.ContactError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The contact is noted; the learner can read it too."))
            return _back(course_key, user_id)
    return _shown(request, followed, form, status=400)


@login_required
@never_cache
@require_POST
def withdraw_contact(request: HttpRequest, course_key: CourseKey, user_id: int, uuid: UUID) -> HttpResponse:
    """Mark a contact as recorded by mistake."""
    now = timezone.now()
    _followed(request, course_key, user_id, now)
    author, reason = visitor_id(request), request.POST.get("reason", "")[:500]
    try:
        assistance.withdraw_contact(uuid, user_id, course_key, author_id=author, reason=reason, now=now)
    except assistance.UnknownContact as unknown:
        raise Http404(str(unknown)) from unknown
    except assistance.ContactError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The contact is marked as withdrawn; it stays in the log."))
    return _back(course_key, user_id)


def _followed(request: HttpRequest, course_key: CourseKey, user_id: int, now: datetime) -> Followed:
    """The learner, if the asker follows the course and the learner is enrolled in it; else the page does not exist."""
    action = followed_action(request, course_key)
    row = api.learner_row(action, user_id, now=now)
    if row is None:
        raise Http404(_("This person is not enrolled in the course."))
    return Followed(action, row)


def _shown(request: HttpRequest, followed: Followed, form: ContactForm, status: int = 200) -> HttpResponse:
    course_key, user_id = followed.action.course_key, followed.row.user_id
    course = course_of(followed.action)
    time = attendance.course_time(user_id, course_key)
    report = attendance.time_report(user_id, course, time, today=official_day(timezone.now()))
    context = {
        "action": followed.action,
        "course": course,
        "row": followed.row,
        "report": report,
        "zone": official_zone(),
        "contacts": assistance.contacts_of(user_id, course_key),
        "form": form,
        "is_noting": form.is_bound or "note" in request.GET,
        **_trade(followed),
        "documents": [each for each in attestations.attestations_of(user_id) if each.course_key == course_key],
        "badges": [each for each in badges.credentials_of(user_id) if each.award.course_key == course_key],
        "withdraw_path": reverse("openedx_utop:steering-contacts", args=[course_key, user_id]),
    }
    return render(request, "openedx_utop/steering/record.html", context, status=status)


def _trade(followed: Followed) -> dict[str, object]:
    """What was decided about the learner's trade, and what an award was issued for if it is another one now."""
    course_key, row = followed.action.course_key, followed.row
    frozen = (each.evaluation["sector"] for each in badges.awards_of(row.user_id) if each.course_key == course_key)
    awarded = next(frozen, None)
    is_another = awarded is not None and (row.sector is None or row.sector.slug != awarded["slug"])
    return {
        "history": changes.history_of(row.user_id, course_key),
        "requests": changes.requests_of(row.user_id, course_key),
        "levels": sectors.offer_of(course_key).levels,
        "level_history": sectors.level_history(row.user_id, course_key),
        "sectors": sectors.offered_sectors(course_key),
        "awarded_for": awarded["name"] if awarded and is_another else "",
        "longest": changes.LONGEST_REASON,
    }


def _back(course_key: CourseKey, user_id: int) -> HttpResponse:
    return redirect(reverse("openedx_utop:steering-record", args=[course_key, user_id]) + "#utop-contacts")
