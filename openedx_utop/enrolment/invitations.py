"""Invitations: made with a seat, sent once, replaced, withdrawn."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from openedx_utop.enrolment.models import Invitation
from openedx_utop.enrolment.tokens import token_hash, token_of
from openedx_utop.events.signals import invitations_made

SHORTEST_PAUSE = timedelta(minutes=10)
# A worker that took an invitation up and died has not sent it: another may try after this long.
CLAIM = timedelta(minutes=15)


def invite(seat_ids: Collection[int], *, now: datetime) -> list[Invitation]:
    """One invitation for each seat, sent after the commit."""
    expires_at = now + timedelta(days=settings.UTOP_INVITATION_DAYS)
    made = [_invitation(seat_id, now, expires_at) for seat_id in seat_ids]
    Invitation.objects.bulk_create(made)
    if made:
        announce([each.uuid for each in made])
    return made


def announce(uuids: Iterable[UUID]) -> None:
    """Have them sent once the transaction is committed; what fails here is made up for by `utop_reconcile`."""
    transaction.on_commit(partial(invitations_made.send_robust, None, uuids=tuple(uuids)), robust=True)


def revoke(seat_ids: Collection[int], *, now: datetime) -> None:
    """The links sent for these seats lead nowhere from now on."""
    open_ones = Invitation.objects.filter(seat_id__in=seat_ids, revoked_at=None, accepted_at=None)
    open_ones.update(revoked_at=now)


def in_force(seat_ids: Collection[int]) -> dict[int, Invitation]:
    """The latest invitation of each seat that was not withdrawn."""
    rows = Invitation.objects.filter(seat_id__in=seat_ids, revoked_at=None).order_by("pk")
    return {row.seat_id: row for row in rows}


def unsent(*, now: datetime) -> list[UUID]:
    """Those that still have to be sent, and that nobody is sending."""
    rows = Invitation.objects.filter(_to_send(now), created_at__lt=now - CLAIM).order_by("pk")
    return list(rows.values_list("uuid", flat=True))


def claim(uuid: UUID, *, now: datetime) -> Invitation | None:
    """Take an invitation up for sending; None if it is sent, withdrawn, or in other hands."""
    if not Invitation.objects.filter(_to_send(now), uuid=uuid).update(claimed_at=now):
        return None
    return Invitation.objects.select_related("seat__plan").get(uuid=uuid)


def release(invitation: Invitation) -> None:
    """It could not be sent: somebody else may try at once."""
    Invitation.objects.filter(pk=invitation.pk).update(claimed_at=None)


def mark_sent(invitation: Invitation, *, now: datetime) -> None:
    """It is on its way."""
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now)


def _to_send(now: datetime) -> Q:
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    is_wanted = Q(sent_at=None, revoked_at=None, accepted_at=None, expires_at__gt=now)
    return is_wanted & is_free


def _invitation(seat_id: int, now: datetime, expires_at: datetime) -> Invitation:
    uuid = uuid4()
    digest = token_hash(token_of(uuid))
    return Invitation(uuid=uuid, seat_id=seat_id, token_hash=digest, created_at=now, expires_at=expires_at)
