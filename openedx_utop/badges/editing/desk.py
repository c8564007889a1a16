"""Who may use the editor of badges, in Studio or in the LMS, and what all of its pages show."""

from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.editing.data import NoAction, Subsection, UnknownBadge
from openedx_utop.compat import platform
from openedx_utop.course_authors import More, Page, for_authors
from openedx_utop.visitors import visitor_id

FOLDER = "openedx_utop/badges/editing"
STUDIO = "openedx_utop_studio"
# Of the levels of a course: sections are above, units below.
SUBSECTION = 2


def authors_only(page: Page[More]) -> Page[More]:
    """For the course's authors; a badge or an action that is not there is said so."""

    @wraps(page)
    def answered(
        request: HttpRequest, /, course_key: CourseKey, *args: More.args, **kwargs: More.kwargs
    ) -> HttpResponse:
        try:
            return page(request, course_key, *args, **kwargs)
        except UnknownBadge as unknown:
            raise Http404 from unknown
        except NoAction as nothing:
            return shown(request, course_key, "nothing", {"why": str(nothing)})

    return for_authors(cast("Page[More]", answered))


def address(request: HttpRequest, name: str, course_key: CourseKey, *args: Any) -> str:
    """The address of one of our pages in the process that answers: Studio, or the LMS."""
    return reverse(f"{_process(request)}:{name}", args=[course_key, *args])


def shown(
    request: HttpRequest, course_key: CourseKey, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page with the way back to where the author came from."""
    course = platform().authored_course(course_key) if _process(request) == STUDIO else None
    around = {
        "course_key": course_key,
        "studio": course.url if course else "",
        "badges": address(request, "badges-of-course", course_key),
        "new": address(request, "badge-of-part", course_key),
        "drawn": address(request, "badge-drawn", course_key),
        "found": address(request, "badge-skills", course_key),
    }
    return render(request, f"{FOLDER}/{template}.html", {**around, **context}, status=status)


def subsections_of(request: HttpRequest, course_key: CourseKey) -> tuple[Subsection, ...]:
    """The modules that a badge can be about, in course order: Studio knows the draft, the LMS what is published."""
    if _process(request) != STUDIO:
        path = platform().learner_path(visitor_id(request), course_key)
        return tuple(Subsection(str(each.usage_key), each.title, each.section_title) for each in path)
    course = platform().authored_course(course_key)
    blocks = course.blocks if course else ()
    titles = {block.key: block.title for block in blocks}
    return tuple(
        Subsection(str(block.key), block.title, titles.get(block.parent, "") if block.parent else "")
        for block in blocks
        if block.level == SUBSECTION
    )


def _process(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else STUDIO
