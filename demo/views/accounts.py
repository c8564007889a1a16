"""The home page: fictitious accounts, one click each."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from demo.enrolment import announce_login
from demo.models import Account, Course, Stage
from demo.samples import samples

STAFF = (Stage.INSTRUCTOR, Stage.AUTHOR)


def home(request: HttpRequest) -> HttpResponse:
    """Who one can be here, and what was issued."""
    accounts = Account.objects.select_related("user").order_by("pk")
    course = Course.objects.first()
    groups = ((_("Learners"), accounts.exclude(stage__in=STAFF)), (_("Staff"), accounts.filter(stage__in=STAFF)))
    page = {
        "groups": groups,
        "course": course,
        "samples": samples(course.course_key) if course else None,
    }
    return render(request, "demo/home.html", page)


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Become one of the accounts of the home page, no other."""
    account = get_object_or_404(Account.objects.select_related("user"), user__username=request.POST.get("account", ""))
    login(request, account.user, backend="django.contrib.auth.backends.ModelBackend")
    announce_login(account.user)
    return redirect("demo:catalogue")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Back to the home page."""
    logout(request)
    return redirect("demo:home")
