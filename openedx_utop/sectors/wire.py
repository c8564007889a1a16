"""How a browser's form or a script's JSON asks, and how each is answered."""

import json

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.data import NotEnrolled, SectorError

JSON = "application/json"


class SignedOut(SectorError):
    """Nobody is signed in."""


class Masquerading(SectorError):
    """A staff member looks at the course as someone else: a choice would be the staff member's own."""


class UnknownCourse(SectorError):
    """The host knows no such course."""


class MalformedRequest(SectorError):
    """The body is not what was announced."""


def comes_from_script(request: HttpRequest) -> bool:
    """Whether the answer is for a program."""
    return request.content_type == JSON or JSON in request.headers.get("Accept", "")


def comes_from_panel(request: HttpRequest) -> bool:
    """Whether the panel's own script asks, to put the answer in the panel's place."""
    return "Utop-Panel" in request.headers


def fields(request: HttpRequest) -> dict[str, str]:
    """The texts sent, as a form or as a JSON object; raises MalformedRequest."""
    sent = _parsed(request.body) if request.content_type == JSON else dict(request.POST.items())
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def _parsed(body: bytes) -> dict[str, object]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(_("This is not JSON.")) from error
    if not isinstance(sent, dict):
        raise MalformedRequest(_("A JSON object is expected."))
    return sent


def learner(request: HttpRequest, course_key: CourseKey) -> int:
    """The user id of the learner who asks, in a course that they may choose a sector in."""
    user_id = request.user.pk
    if user_id is None:
        raise SignedOut(_("Sign in again: your session has ended."))
    if platform().course(course_key) is None:
        raise UnknownCourse(no_such_course())
    if platform().is_masquerading(request, course_key):
        raise Masquerading(_("You are looking at this course as someone else: their trade is not yours to choose."))
    if not platform().is_enrolled(user_id, course_key):
        raise NotEnrolled(_("You are not enrolled in this course."))
    return int(user_id)


def no_such_course() -> str:
    """That the course does not exist."""
    return _("There is no such course.")


def safe_next(request: HttpRequest, course_key: CourseKey, wanted: str) -> str:
    """Where to go after a form: the address asked for if it is on this host, else the page of the choice."""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("openedx_utop:sector-choice", kwargs={"course_key": course_key})
