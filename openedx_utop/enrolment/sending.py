"""The e-mails about a seat: the invitation, and that it is taken back."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from openedx_utop.compat import platform
from openedx_utop.enrolment import invitations
from openedx_utop.enrolment.desks import company_name
from openedx_utop.enrolment.models import Invitation, Seat
from openedx_utop.enrolment.tokens import token_hash, token_of
from openedx_utop.official_time import official_zone
from openedx_utop.organizations.api import provider
from openedx_utop.training.api import action_for

logger = logging.getLogger(__name__)
TEMPLATES = "openedx_utop/enrolment/mail"


class NotSent(Exception):
    """Some invitations could not be handed to the mail server; those sent are marked so."""


def send(uuids: Iterable[UUID], *, now: datetime) -> int:
    """Send each of these that still has to be, and say how many went; raises NotSent after trying them all."""
    sent, failed = 0, 0
    for uuid in uuids:
        invitation = invitations.claim(uuid, now=now)
        if invitation is None:
            continue
        try:
            _message(invitation).send()
        except Exception:
            logger.exception("An invitation could not be sent: %s", uuid)
            invitations.release(invitation)
            failed += 1
        else:
            invitations.mark_sent(invitation, now=now)
            sent += 1
    if failed:
        raise NotSent(f"{failed} invitations could not be sent")
    return sent


def send_notice(uuid: UUID) -> None:
    """Tell the holder of an accepted seat that it is taken back, and why; once."""
    with transaction.atomic():
        # Whoever comes second waits, and finds it done.
        seat = Seat.objects.select_for_update().select_related("plan").filter(uuid=uuid, is_notice_due=True).first()
        if seat is None:
            return
        if seat.email:
            _notice(seat).send()
        Seat.objects.filter(pk=seat.pk).update(is_notice_due=False)


def undelivered_notices() -> list[UUID]:
    """The seats taken back whose holder is still to be told."""
    return list(Seat.objects.filter(is_notice_due=True).order_by("pk").values_list("uuid", flat=True))


def link_of(invitation: UUID) -> str:
    """The address that the invited person opens."""
    return str(settings.LMS_ROOT_URL) + reverse("openedx_utop:invitation", args=[token_of(invitation)])


def _message(invitation: Invitation) -> EmailMultiAlternatives:
    _renew_hash(invitation)
    said = {"link": link_of(invitation.uuid), "expires_at": invitation.expires_at.astimezone(official_zone())}
    return _written("", invitation.seat, said, identifier=str(invitation.uuid))


def _notice(seat: Seat) -> EmailMultiAlternatives:
    identifier = f"{seat.uuid}.{seat.changed_at:%Y%m%d%H%M%S}"
    return _written("withdrawn_", seat, {"reason": seat.reason}, identifier=identifier)


def _written(prefix: str, seat: Seat, said: dict[str, Any], *, identifier: str) -> EmailMultiAlternatives:
    """A message to whom a seat is, or was, for; `prefix` of its templates."""
    with override(settings.UTOP_INVITATION_LANGUAGE):
        course, action = platform().course(seat.plan.course_key), action_for(seat.plan.course_key)
        host = provider(action.provider_id) if action else None
        context = {
            "first_name": seat.first_name,
            "course_title": course.title if course else (action.title if action else ""),
            "company": company_name(seat.plan.company),
            "provider": host.name if host else "",
            "platform": getattr(settings, "PLATFORM_NAME", ""),
            **said,
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"{TEMPLATES}/subject.txt", context).split()),
            body=render_to_string(f"{TEMPLATES}/{prefix}body.txt", context),
            to=[seat.email],
            reply_to=[host.email] if host and host.email else None,
            # The same message sent twice, after a connection lost at the wrong moment, is one for mail programs.
            headers={"Message-ID": f"<{identifier}@utop>"},
        )
        message.attach_alternative(render_to_string(f"{TEMPLATES}/{prefix}body.html", context), "text/html")
    return message


def _renew_hash(invitation: Invitation) -> None:
    """The installation's secret key may have changed since the invitation was made."""
    digest = token_hash(token_of(invitation.uuid))
    if invitation.token_hash != digest:
        invitation.token_hash = digest
        invitation.save(update_fields=["token_hash"])
