"""The page that an invitation's link opens."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.enrolment import api
from openedx_utop.official_time import official_zone

TEMPLATE = "openedx_utop/enrolment/invitation.html"


# Not in a transaction: the platform's own tasks, sent when somebody enrols or changes group, must see it.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Explains, and takes part only when the button is pressed: mail scanners open links."""
    user_id = request.user.pk if request.user.is_authenticated else None
    try:
        facts = api.invitation(token, user_id, now=timezone.now())
        if request.method == "POST" and user_id is not None:
            return _accept(request, token, user_id)
    except api.OtherAddress as error:
        return _page(request, facts, error=str(error), status=400)
    except api.InvitationRefused as refusal:
        return _private(render(request, TEMPLATE, {"refusal": refusal}, status=410))
    return _page(request, facts)


def _accept(request: HttpRequest, token: str, user_id: int) -> HttpResponse:
    confirms = request.POST.get("confirms_address") == "1"
    facts = api.accept(token, user_id, confirms_address=confirms, now=timezone.now())
    messages.success(request, _("You are enrolled: welcome."))
    return _to_course(facts.course_key)


def _to_course(course_key: CourseKey) -> HttpResponse:
    course = platform().course(course_key)
    return HttpResponseRedirect(course.url) if course and course.url else redirect("openedx_utop:home")


def _page(request: HttpRequest, facts: api.InvitationFacts, *, error: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    context = {
        "facts": facts,
        "error": error,
        "sent_to": api.masked(facts.email),
        "sign_in": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}",
        "is_other": user.is_authenticated and api.is_other_address(facts, user.pk),
        "person": platform().person(user.pk) if user.is_authenticated else None,
        "zone": official_zone(),
    }
    return _private(render(request, TEMPLATE, context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site and into no search engine."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
