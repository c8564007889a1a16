"""What a learner decides about their badges: to refuse one or want it after all, to show it or hide it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openedx_utop.badges import api
from openedx_utop.visitors import visitor_id


@login_required
@require_POST
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The holder shows the badge to whoever has its link, or to nobody."""
    is_shown = request.POST.get("shown") == "1"
    try:
        api.show(uuid, visitor_id(request), shown=is_shown)
    except api.UnknownCredential as error:
        raise Http404 from error
    messages.success(
        request,
        _("Whoever has its link can see your badge.") if is_shown else _("Nobody but you can see your badge now."),
    )
    return redirect("openedx_utop:my-badges")


@login_required
@require_POST
def refuse(request: HttpRequest, award_uuid: UUID) -> HttpResponse:
    """The learner does not want this badge."""
    done = _("The badge was withdrawn. Your training and your certificate stay as they are.")
    return _decided(request, partial(api.refuse, award_uuid), done)


@login_required
@require_POST
def accept(request: HttpRequest, award_uuid: UUID) -> HttpResponse:
    """The learner wants it after all."""
    return _decided(request, partial(api.accept, award_uuid), _("Your badge is there again."))


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Whether the learner wants the badges of trainings to come."""
    is_wanted = request.POST.get("wanted") == "1"
    api.choose(visitor_id(request), is_wanted=is_wanted, now=timezone.now())
    messages.success(
        request,
        _("You will receive the badges of the trainings that you complete.")
        if is_wanted
        else _("No badge will be made of the trainings that you complete from now on."),
    )
    return redirect("openedx_utop:my-badges")


def _decided(request: HttpRequest, decide: Callable[..., object], done: str) -> HttpResponse:
    try:
        decide(visitor_id(request), now=timezone.now())
    except api.UnknownAward as error:
        raise Http404 from error
    except (api.SigningKeyMissing, api.SigningKeyInvalid):
        messages.error(request, _("The platform cannot sign at the moment: please come back later."))
    else:
        messages.success(request, done)
    return redirect("openedx_utop:my-badges")
