"""The two addresses that beat.js talks to."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from openedx_utop.attendance import api, wire
from openedx_utop.problems import problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REFUSALS: dict[type[Exception], tuple[int, str, "StrOrPromise"]] = {
    api.BodyTooLarge: (413, "body-too-large", _("A sign of life is never longer than 4 kB.")),
    api.MalformedBeat: (400, "malformed-beat", _("This is not a sign of life ({what}).")),
    api.ExpiredLease: (403, "expired-lease", _("The permission to report presence has expired: renew it.")),
    api.BadLease: (403, "bad-lease", _("The permission to report presence is not valid: reload the page.")),
    api.NotEnrolled: (403, "not-enrolled", _("You are no longer enrolled in this course.")),
    api.TooManyBeats: (429, "too-many-beats", _("Too many signs of life: wait a little.")),
    api.RecorderBusy: (503, "busy", _("Presence could not be recorded just now: nothing is lost, try again.")),
}


def beats(request: HttpRequest) -> HttpResponse:
    """A sign of life. The signed lease in the body says who and where, so there is no session and no CSRF token."""
    return _answer(request, lambda body: asdict(api.record_beat(body, now=timezone.now())))


def leases(request: HttpRequest) -> HttpResponse:
    """A fresh lease for the signed-in learner, in exchange for an authentic one that expired."""
    user_id = request.user.pk
    if request.method == "POST" and user_id is None:
        return problem(401, "signed-out", str(_("Sign in again: your session has ended.")))
    return _answer(request, lambda body: {"lease": _renewed(cast(int, user_id), body)})


def _renewed(user_id: int, body: bytes) -> str:
    return api.renew_lease(user_id, wire.lease_text(wire.parse_fields(body)), now=timezone.now())


def _answer(request: HttpRequest, handle: Callable[[bytes], dict[str, object]]) -> HttpResponse:
    if request.method != "POST":
        return problem(405, "method-not-allowed", str(_("Only POST is answered here.")), {"Allow": "POST"})
    try:
        return JsonResponse(handle(request.read(wire.MAX_BODY_BYTES + 1)))
    except tuple(REFUSALS) as error:
        status, kind, detail = REFUSALS[type(error)]
        retry_after = getattr(error, "retry_after", None)
        headers = {"Retry-After": str(retry_after)} if retry_after else None
        return problem(status, kind, str(detail).format(what=error), headers)


# The recorder opens a transaction of its own, as short as it can be, under ATOMIC_REQUESTS too.
beats_view = csrf_exempt(never_cache(transaction.non_atomic_requests(beats)))
leases_view = never_cache(leases)
