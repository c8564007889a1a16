"""The document itself, for its holder and for the staff of the course."""

from contextlib import suppress
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from openedx_utop.attestations import api
from openedx_utop.attestations.data import AttestationFacts
from openedx_utop.compat import platform
from openedx_utop.visitors import visitor_id


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF; whoever may not see it learns no more than if it did not exist. Of an erased one, what is left."""
    with suppress(api.UnknownAttestation):
        return redirect("openedx_utop:verify", api.erased(uuid).uuid)
    facts = _readable(uuid, visitor_id(request))
    name = f"certificat-de-realisation-{facts.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(api.pdf(uuid), content_type="application/pdf", headers=headers)


def _readable(uuid: UUID, user_id: int) -> AttestationFacts:
    try:
        facts = api.attestation(uuid)
    except api.UnknownAttestation as unknown:
        raise Http404(_("There is no such document.")) from unknown
    if facts.user_id != user_id and not platform().is_course_staff(user_id, facts.course_key):
        raise Http404(_("There is no such document."))
    return facts
