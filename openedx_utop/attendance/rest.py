"""The two addresses that beat.js talks to."""

import json
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from openedx_utop.attendance import api, wire
from openedx_utop.attendance.answers import answer, answer_beat
from openedx_utop.problems import problem


def beats(request: HttpRequest) -> HttpResponse:
    """A sign of life. The signed lease in the body says who and where, so there is no session and no CSRF token."""
    return answer_beat(request.META, request.read)


def leases(request: HttpRequest) -> HttpResponse:
    """A fresh lease for the signed-in learner, in exchange for an authentic one that expired."""
    user_id = request.user.pk
    if request.method == "POST" and user_id is None:
        return problem(401, "signed-out", str(_("Sign in again: your session has ended.")))
    return answer(request.META, request.read, lambda body: _renewed(cast(int, user_id), body))


def _renewed(user_id: int, body: bytes) -> bytes:
    lease = api.renew_lease(user_id, wire.lease_text(wire.parse_fields(body)), now=timezone.now())
    return json.dumps({"lease": lease}).encode()


# The recorder opens a transaction of its own, as short as it can be, under ATOMIC_REQUESTS too.
beats_view: Any = csrf_exempt(transaction.non_atomic_requests(beats))
