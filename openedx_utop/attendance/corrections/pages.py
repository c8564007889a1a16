"""The staff's desk for the corrections and contests of one course."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.attendance.corrections import api
from openedx_utop.attendance.corrections.forms import AnswerForm, CorrectionForm, DecisionForm
from openedx_utop.attendance.corrections.refusals import sentence
from openedx_utop.attendance.corrections.rows import Names, Titles, correction_choices, module_choices, titles
from openedx_utop.compat import Course, platform
from openedx_utop.visitors import visitor_id

FOLDER = "openedx_utop/attendance/corrections"


@login_required
@never_cache
@require_safe
def queue(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """What waits in a course: corrections for a second person, contests for an answer."""
    course = _course_of_staff(request, course_key)
    if "learner" in request.GET:
        return _to_record(request, course_key)
    return _queue(request, course)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, course_key: CourseKey, user_id: int, *, document_issued: bool) -> HttpResponse:
    """A learner's corrections, and the form for another. Call it outside a transaction.

    `document_issued`: a certificate states the learner's time in this course already.
    """
    course = _course_of_staff(request, course_key)
    if not api.is_of_course(user_id, course_key):
        raise Http404
    modules = titles(user_id, course_key)
    choices = {"module": module_choices(modules)}
    if request.method != "POST":
        form = CorrectionForm(choices=choices)
        return _record_page(request, course, user_id, form, modules, document_issued=document_issued)
    form = CorrectionForm(request.POST, request.FILES, choices=choices)
    if form.is_valid() and _was_written(request, course_key, user_id, form, document_issued=document_issued):
        return redirect("openedx_utop:corrections", course_key, user_id)
    return _record_page(request, course, user_id, form, modules, document_issued=document_issued)


@login_required
@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A second person accepts or refuses a correction."""
    try:
        found = api.correction(uuid)
    except api.UnknownCorrection as unknown:
        raise Http404 from unknown
    course = _course_of_staff(request, found.course_key)
    form = DecisionForm(request.POST, auto_id=f"{uuid}_%s")
    if not form.is_valid():
        return _queue(request, course, {uuid: form})
    try:
        api.decide(
            uuid, is_accepted=form.is_accepted, why=form.cleaned_data["why"], by=visitor_id(request), now=timezone.now()
        )
    except api.CorrectionError as refusal:
        messages.error(request, sentence(refusal)[1])
    else:
        messages.success(request, _("The decision is recorded."))
    return redirect("openedx_utop:corrections", found.course_key)


@login_required
@require_POST
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The staff answers a contest."""
    try:
        found = api.contest_record(uuid)
    except api.UnknownContest as unknown:
        raise Http404 from unknown
    course = _course_of_staff(request, found.course_key)
    form = _answer_form(found, request.POST)
    if not form.is_valid():
        return _queue(request, course, {uuid: form})
    chosen = form.cleaned_data["correction"]
    try:
        api.answer(
            uuid,
            words=form.cleaned_data["words"],
            correction_uuid=UUID(chosen) if chosen else None,
            by=visitor_id(request),
            now=timezone.now(),
        )
    except api.CorrectionError as refusal:
        messages.error(request, sentence(refusal)[1])
    else:
        messages.success(request, _("The answer is recorded: the learner reads it on the page of their questions."))
    return redirect("openedx_utop:corrections", found.course_key)


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The document kept with a correction, to be saved, never shown by the browser in our name."""
    try:
        name, media_type, content = api.document(uuid, reader_id=visitor_id(request))
    except api.UnknownCorrection as unknown:
        raise Http404(_("There is no such document.")) from unknown
    except api.EvidenceAltered:
        return render(request, f"{FOLDER}/altered.html", status=HTTPStatus.GONE)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)


def _course_of_staff(request: HttpRequest, course_key: CourseKey) -> Course:
    """The course, for its staff; others learn no more than if it did not exist."""
    course = platform().course(course_key)
    if course is None or not platform().is_course_staff(visitor_id(request), course_key):
        raise Http404
    return course


def _to_record(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The record of the learner whose username or e-mail address was typed."""
    person = platform().person_named(request.GET["learner"].strip())
    if person is None or not api.is_of_course(person.user_id, course_key):
        messages.error(request, _("Nobody of this name is enrolled in this course."))
        return redirect("openedx_utop:corrections", course_key)
    return redirect("openedx_utop:corrections", course_key, person.user_id)


def _queue(request: HttpRequest, course: Course, typed: dict[UUID, Form] | None = None) -> HttpResponse:
    """`typed`: what was sent and refused, by the correction or contest it was about."""
    typed = typed or {}
    corrections, contests = api.waiting(course.key), api.unanswered(course.key)
    names = Names(*corrections, *contests)
    context = {
        "course": course,
        "corrections": [
            names.correction(each, typed.get(each.uuid) or DecisionForm(auto_id=f"{each.uuid}_%s"))
            for each in corrections
        ],
        "contests": [names.contest(each, typed.get(each.uuid) or _answer_form(each)) for each in contests],
        "reader": visitor_id(request),
    }
    return render(request, f"{FOLDER}/queue.html", context, status=status_of(*typed.values()))


def _answer_form(found: api.ContestRecord, data: Any = None) -> AnswerForm:
    corrections = correction_choices(api.corrections_of(found.user_id, found.course_key))
    return AnswerForm(data, choices={"correction": corrections}, auto_id=f"{found.uuid}_%s")


def _was_written(
    request: HttpRequest, course_key: CourseKey, user_id: int, form: CorrectionForm, *, document_issued: bool
) -> bool:
    try:
        written = api.record(
            user_id,
            course_key,
            form.new_correction(),
            uuid=form.cleaned_data["form_id"],
            author_id=visitor_id(request),
            document_issued=document_issued,
            now=timezone.now(),
            upload=form.upload(),
        )
    except api.CorrectionError as refusal:
        form.add_error(*sentence(refusal))
        return False
    text = (
        _("The correction waits for a second person: it does not count yet.")
        if written.state == api.State.PENDING
        else _("The correction is recorded, and counts.")
    )
    messages.success(request, text)
    return True


def _record_page(
    request: HttpRequest,
    course: Course,
    user_id: int,
    form: CorrectionForm,
    modules: Titles,
    *,
    document_issued: bool,
) -> HttpResponse:
    corrections, contests = api.corrections_of(user_id, course.key), api.contests_of(user_id, course.key)
    names = Names(*corrections, *contests, modules=modules)
    person = platform().person(user_id)
    context = {
        "course": course,
        "learner": person.full_name if person else names.person(user_id),
        "user_id": user_id,
        "form": form,
        "document_issued": document_issued,
        "is_own": user_id == visitor_id(request),
        "corrections": [names.correction(each) for each in corrections],
        "contests": [names.contest(each) for each in contests],
    }
    return render(request, f"{FOLDER}/record.html", context, status=status_of(form))


def status_of(*forms: Form) -> int:
    """400 if one of the forms was refused."""
    refused = any(form.is_bound and form.errors for form in forms)
    return HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
