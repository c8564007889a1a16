"""The editor of badges: what a course awards, and one badge with its preview."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.editing import api
from openedx_utop.badges.editing.data import ChangedMeanwhile, Known, Look, Refused, Which
from openedx_utop.badges.editing.desk import address, authors_only, shown, subsections_of
from openedx_utop.badges.editing.forms import BadgeForm, initial, resumed
from openedx_utop.badges.editing.showing import image_address, show_badge


@require_safe
@authors_only
def badges_of_course(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """What the course awards, and to how many."""
    action = api.action_in(course_key)
    listed = [
        {
            "known": known,
            "image": image_address(request, course_key, known.draft),
            "address": _page(request, course_key, known),
        }
        for known in api.badges_of(course_key)
    ]
    return shown(request, course_key, "list", {"action": action, "listed": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@authors_only
def badge(request: HttpRequest, course_key: CourseKey, which: Which) -> HttpResponse:
    """One badge: as it is, or as the author would have it; kept when asked to."""
    known, subsections = api.badge(course_key, which), subsections_of(request, course_key)
    if request.method != "POST":
        form = BadgeForm(course_key, known, subsections, initial=initial(known, api.action_in(course_key)))
        return show_badge(request, course_key, known, form, look=_today(request, course_key, known), draft=known.draft)
    form = BadgeForm(course_key, known, subsections, request.POST, request.FILES)
    if request.POST.get("do") == "search":
        return show_badge(request, course_key, known, resumed(form, course_key))
    if not form.is_valid():
        return show_badge(request, course_key, known, form)
    return _sent(request, course_key, known, form)


@require_POST
@authors_only
def remove(request: HttpRequest, course_key: CourseKey, uuid: UUID) -> HttpResponse:
    """Take a badge of a part away, if nobody holds it."""
    try:
        api.remove(course_key, uuid)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address(request, "badge-of-course", course_key, uuid))
    messages.success(request, _("The badge is taken away. Nobody held it."))
    return redirect(address(request, "badges-of-course", course_key))


def _sent(request: HttpRequest, course_key: CourseKey, known: Known, form: BadgeForm) -> HttpResponse:
    """Keep what a valid form says, or show it; say why not."""
    draft = form.draft()
    try:
        if request.POST.get("do") == "keep":
            kept = api.keep(course_key, known.which, draft, seen=form.cleaned_data["seen"])
            messages.success(request, _("The badge is kept: this is what is issued from now on."))
            return redirect(address(request, "badge-of-course", course_key, kept))
        look = api.look(course_key, known.which, draft)
        _say_if_unendorsed(request, _today(request, course_key, known), look)
    except Refused as refusal:
        for field, sentence in refusal.problems.items():
            form.add_error(field or None, sentence)
        return show_badge(request, course_key, known, form)
    except ChangedMeanwhile as race:
        messages.warning(request, str(race))
        look, status = api.look(course_key, known.which, draft), HTTPStatus.CONFLICT
        again = resumed(form, course_key, seen=known.seen)
        return show_badge(request, course_key, known, again, look=look, draft=draft, status=status)
    return show_badge(request, course_key, known, form, look=look, draft=draft)


def _say_if_unendorsed(request: HttpRequest, today: Look | None, look: Look) -> None:
    """An organisation endorses what a badge says; what it would say instead, it has not read."""
    if today and look.endorsed < today.endorsed:
        messages.warning(
            request, _("Organisations endorse this badge as it is now: changed, it goes without their endorsement.")
        )


def _today(request: HttpRequest, course_key: CourseKey, known: Known) -> Look | None:
    """The badge as it is; None if nobody wrote it, or if it can no longer be signed."""
    try:
        return api.look(course_key, known.which, known.draft) if known.uuid else None
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return None


def _page(request: HttpRequest, course_key: CourseKey, known: Known) -> str:
    if known.uuid:
        return address(request, "badge-of-course", course_key, known.uuid)
    return address(request, "badge-of-action", course_key)
