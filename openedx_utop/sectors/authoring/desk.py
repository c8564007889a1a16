"""Who may use the author's pages, and what all of them show."""

from functools import wraps
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from opaque_keys.edx.keys import CourseKey

from openedx_utop.course_authors import More, Page, for_authors
from openedx_utop.sectors.authoring.data import UnknownPlan
from openedx_utop.sectors.authoring.forms import Malformed

FOLDER = "openedx_utop/sectors/authoring"


def authors_only(page: Page[More]) -> Page[More]:
    """For the course's authors; a plan that is not there, and a form that makes no sense, are said so."""

    @wraps(page)
    def answered(
        request: HttpRequest, /, course_key: CourseKey, *args: More.args, **kwargs: More.kwargs
    ) -> HttpResponse:
        try:
            return page(request, course_key, *args, **kwargs)
        except UnknownPlan as unknown:
            raise Http404(str(unknown)) from unknown
        except Malformed as refusal:
            messages.error(request, str(refusal))
            return redirect("openedx_utop_studio:authoring", course_key)

    return for_authors(cast("Page[More]", answered))


def status_of(*, is_refused: bool) -> int:
    """400 for a form that will not do."""
    return HTTPStatus.BAD_REQUEST if is_refused else HTTPStatus.OK
