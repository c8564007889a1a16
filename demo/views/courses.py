"""Catalogue, outline, and the course page that shows a unit in an iframe, as the learning MFE does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from opaque_keys.edx.keys import CourseKey, UsageKey

from demo import enrolment, progress
from demo.access import LearnerView, view_of
from demo.models import Course, Enrollment
from demo.navigation import SectionLinks, locate, outline_of
from demo.views.signed_in import signed_in


def catalogue(request: HttpRequest) -> HttpResponse:
    """The courses."""
    active = Enrollment.objects.filter(is_active=True)
    enrolled = active.filter(user_id=request.user.pk or 0).values_list("course_id", flat=True)
    return render(request, "demo/catalogue.html", {"courses": Course.objects.all(), "enrolled": set(enrolled)})


@login_required
@require_POST
def enrol(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Take a place in the course."""
    course = get_object_or_404(Course, course_key=course_key)
    try:
        enrolment.enrol(signed_in(request), course)
    except enrolment.EnrolmentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("demo:catalogue")
    messages.success(request, _("You are enrolled."))
    return redirect("demo:outline", course_key)


@login_required
def outline(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The sections and subsections of the account's own path."""
    course = get_object_or_404(Course, course_key=course_key)
    view, sections = _outline(request, course_key)
    modules = [module for section in sections for module in section.modules]
    todo = [unit for module in modules for unit in module.units if not unit.is_complete]
    page = {
        "course": course,
        "sections": sections,
        "is_staff": view.is_staff,
        "done": sum(module.is_complete for module in modules),
        "total": len(modules),
        "resume": next(iter(todo), None),
    }
    return render(request, "demo/outline.html", page)


@login_required
def unit(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """The course page of one unit."""
    course = get_object_or_404(Course, course_key=course_key)
    view, sections = _outline(request, course_key)
    position = locate(sections, usage_key)
    if position is None:
        raise Http404
    page = {"course": course, "sections": sections, "position": position, "is_staff": view.is_staff}
    return render(request, "demo/unit.html", page)


def _outline(request: HttpRequest, course_key: CourseKey) -> tuple[LearnerView, list[SectionLinks]]:
    user = signed_in(request)
    view = view_of(user, course_key)
    if not view.is_staff and not enrolment.is_enrolled(user.pk, course_key):
        raise Http404
    return view, outline_of(view, progress.completions(user.pk, course_key))
