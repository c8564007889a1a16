"""Who may use the author's pages, and what all of them show."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors.authoring.data import UnknownPlan
from openedx_utop.sectors.authoring.forms import Malformed

FOLDER = "openedx_utop/sectors/authoring"
More = ParamSpec("More")
Page = Callable[Concatenate[HttpRequest, CourseKey, More], HttpResponse]


def authors_only(page: Page[More]) -> Page[More]:
    """For whoever may edit the course in Studio; for others the page does not exist."""

    @login_required
    @never_cache
    @wraps(page)
    def guarded(
        request: HttpRequest, /, course_key: CourseKey, *args: More.args, **kwargs: More.kwargs
    ) -> HttpResponse:
        if not platform().is_course_author(author(request), course_key):
            raise Http404
        try:
            return page(request, course_key, *args, **kwargs)
        except UnknownPlan as unknown:
            raise Http404(str(unknown)) from unknown
        except Malformed as refusal:
            messages.error(request, str(refusal))
            return redirect("openedx_utop_studio:authoring", course_key)

    return cast("Page[More]", guarded)


def author(request: HttpRequest) -> int:
    """The account behind the request."""
    return cast(int, request.user.pk)


def status_of(*, is_refused: bool) -> int:
    """400 for a form that will not do."""
    return HTTPStatus.BAD_REQUEST if is_refused else HTTPStatus.OK
