"""The home page: fictitious accounts, one click each."""

from uuid import UUID

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from demo.enrolment import announce_login
from demo.models import Account, Course, Stage
from demo.samples import samples
from openedx_utop import api

STAFF = (Stage.INSTRUCTOR, Stage.AUTHOR, Stage.HR)


def home(request: HttpRequest) -> HttpResponse:
    """Who one can be here, and what was issued."""
    accounts = Account.objects.select_related("user").order_by("pk")
    course = Course.objects.first()
    groups = ((_("Learners"), accounts.exclude(stage__in=STAFF)), (_("Staff"), accounts.filter(stage__in=STAFF)))
    page = {
        "groups": groups,
        "course": course,
        "next": _next_page(request, request.GET.get("next", "")),
        "samples": samples(course.course_key) if course else None,
    }
    return render(request, "demo/home.html", page)


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become one of the accounts of the home page, no other."""
    account = get_object_or_404(Account.objects.select_related("user"), user__username=request.POST.get("account", ""))
    login(request, account.user, backend="django.contrib.auth.backends.ModelBackend")
    announce_login(account.user)
    return redirect(_next_page(request, request.POST.get("next", "")) or "demo:catalogue")


def _next_page(request: HttpRequest, asked: str) -> str:
    """Only ever a page of this site."""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}) else ""


def sample(_request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The one certificate that its fictitious holder lets everybody read."""
    course = Course.objects.first()
    issued = samples(course.course_key) if course else None
    if issued is None or uuid != issued.attestation:
        raise Http404
    return HttpResponse(api.pdf(uuid), content_type="application/pdf")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Back to the home page."""
    logout(request)
    return redirect("demo:home")
