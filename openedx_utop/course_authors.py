"""Pages of a course that are for whoever may edit it in Studio."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.visitors import visitor_id

More = ParamSpec("More")
Page = Callable[Concatenate[HttpRequest, CourseKey, More], HttpResponse]


def for_authors(page: Page[More]) -> Page[More]:
    """For others the page does not exist."""

    @login_required
    @never_cache
    @wraps(page)
    def guarded(
        request: HttpRequest, /, course_key: CourseKey, *args: More.args, **kwargs: More.kwargs
    ) -> HttpResponse:
        if not platform().is_course_author(visitor_id(request), course_key):
            raise Http404
        return page(request, course_key, *args, **kwargs)

    return cast("Page[More]", guarded)
