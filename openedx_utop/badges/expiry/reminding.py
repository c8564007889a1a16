"""Telling a learner, once, that a badge of theirs is about to expire."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from openedx_utop.badges.expiry.models import ExpiryReminder
from openedx_utop.badges.models import Credential
from openedx_utop.compat import Person, platform
from openedx_utop.official_time import official_day
from openedx_utop.organizations.api import ProviderFacts, provider

TEMPLATES = "openedx_utop/badges/mail"
# A worker that took a message up and died has not sent it: another may try after this long.
HELD = timedelta(hours=1)


def expiring(*, now: datetime) -> tuple[UUID, ...]:
    """The live credentials that expire within the days of notice, and whose holder was not told yet."""
    until = now + timedelta(days=settings.UTOP_EXPIRY_NOTICE_DAYS)
    soon = Credential.objects.filter(is_live=True, expires_at__gt=now, expires_at__lte=until)
    untold = Q(expiry_reminder=None) | Q(expiry_reminder__in=_free(now))
    return tuple(soon.filter(untold).order_by("expires_at").values_list("uuid", flat=True))


def remind(uuid: UUID, *, now: datetime) -> bool:
    """Write to the holder, unless it was done, is being done, or there is nobody to write to."""
    credential = Credential.objects.select_related("award__action").filter(uuid=uuid, is_live=True).first()
    holder = platform().person(credential.award.user_id) if credential else None
    if credential is None or holder is None or not (holder.email and holder.is_active):
        return False
    if not _claimed(credential, now):
        return False
    told = ExpiryReminder.objects.filter(credential=credential)
    try:
        _message(credential, holder).send()
    except Exception:
        told.update(claimed_at=None)
        raise
    told.update(sent_at=now)
    return True


def _free(now: datetime) -> QuerySet[ExpiryReminder]:
    """Neither sent nor in anybody's hands."""
    return ExpiryReminder.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - HELD), sent_at=None)


def _claimed(credential: Credential, now: datetime) -> bool:
    ExpiryReminder.objects.get_or_create(credential=credential)
    return bool(_free(now).filter(credential=credential).update(claimed_at=now))


def _message(credential: Credential, holder: Person) -> EmailMessage:
    host = provider(credential.award.action.provider_id)
    with override(holder.language):
        context = {
            "name": json.loads(credential.document)["name"],
            "day": official_day(credential.expires_at) if credential.expires_at else None,
            "provider": host.name,
            "link": f"{settings.LMS_ROOT_URL.rstrip('/')}{reverse('openedx_utop:my-badges')}",
        }
        return EmailMessage(
            subject=" ".join(render_to_string(f"{TEMPLATES}/expiry_subject.txt", context).split()),
            body=render_to_string(f"{TEMPLATES}/expiry_body.txt", context),
            to=[holder.email],
            reply_to=_answers_to(host),
            # The same message sent twice, after a connection lost at the wrong moment, is one for mail programs.
            headers={"Message-ID": f"<{credential.uuid}.expiry@utop>"},
        )


def _answers_to(host: ProviderFacts) -> list[str] | None:
    return [host.email] if host.email else None
