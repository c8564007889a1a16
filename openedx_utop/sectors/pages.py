"""The choice of a trade as a page of its own, for those outside the course or without a script."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.compat import platform
from openedx_utop.sectors import api, wire
from openedx_utop.sectors.panel import Said, standing

TEMPLATE = "openedx_utop/sectors/choice.html"


@never_cache
@require_safe
@login_required
def choice_page(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """My company, the trade it leads to, and every trade offered in the course."""
    return render_choice(request, course_key, Said(sector=request.GET.get("sector", "")))


def render_choice(request: HttpRequest, course_key: CourseKey, said: Said) -> HttpResponse:
    """The page; what was refused stays in its field with the reason beside it."""
    course = platform().course(course_key)
    if course is None:
        raise Http404(wire.no_such_course())
    try:
        user_id = wire.learner(request, course_key)
    except api.SectorError as refusal:
        return render(request, TEMPLATE, {"course": course, "refusal": str(refusal)}, status=HTTPStatus.FORBIDDEN)
    wanted = request.GET.get("next", request.POST.get("next", ""))
    next_url = wire.safe_next(request, course_key, wanted)
    context = standing(user_id, course_key, now=timezone.now(), said=said, next_url=next_url)
    status = HTTPStatus.BAD_REQUEST if said.is_refusal else HTTPStatus.OK
    return render(request, TEMPLATE, {**context, "course": course}, status=status)
