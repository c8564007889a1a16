"""The outbox: what to do on platforms is written in the transaction of the credential, and done by one worker."""

import random
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from openedx_utop.badges import addresses
from openedx_utop.badges.models import Credential
from openedx_utop.badges.platforms.accounts import badge_platform, named_platforms
from openedx_utop.badges.platforms.data import BadgePlatform, Order, PlatformRefused, PlatformUnavailable
from openedx_utop.badges.platforms.models import Delivery, DeliveryKind, DeliveryState, PlatformAchievement
from openedx_utop.badges.platforms.rules import delay
from openedx_utop.compat import platform
from openedx_utop.events.signals import delivery_due

# A worker that has not come back after so long is dead: its calls end long before.
HELD = timedelta(minutes=10)
Changes = dict[str, Any]
OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


def post_issues(credentials: Collection[UUID], *, now: datetime) -> None:
    """Have them issued wherever their badges are known; call it in the transaction that makes them."""
    known = PlatformAchievement.objects.filter(platform__in=named_platforms()) if named_platforms() else ()
    if known:
        for credential in Credential.objects.filter(uuid__in=credentials).select_related("award"):
            for each in known:
                if each.achievement_id == credential.award.achievement_id:
                    _post_issue(credential, each, now)


def post_earlier(known: PlatformAchievement, *, now: datetime) -> int:
    """Have the live credentials issued before the platform's badge was known sent to it; how many."""
    live = Credential.objects.filter(is_live=True, award__achievement=known.achievement_id)
    unsent = live.exclude(deliveries__platform=known.platform).select_related("award")
    count = 0
    for credential in unsent.iterator():
        with transaction.atomic():
            _post_issue(credential, known, now)
        count += 1
    return count


def post_revocation(credential: Credential, *, now: datetime) -> None:
    """Have the credential revoked wherever it was sent; call it in the transaction that revokes it."""
    for sent in Delivery.objects.filter(credential=credential, kind=DeliveryKind.ISSUE):
        _post(credential, sent.platform, DeliveryKind.REVOKE, {"badge": sent.badge}, now)


def due(*, now: datetime) -> tuple[int, ...]:
    """Every delivery whose time has come, or whose worker died; the oldest first."""
    return tuple(_free(now).order_by("pk").values_list("pk", flat=True))


def deliver(delivery_id: int, *, now: datetime) -> datetime | None:
    """Do it, unless it is done, not due, or in another worker's hands; the answer is when to try again."""
    record = _claimed(delivery_id, now)
    if record is None:
        return None
    try:
        changes = STEPS[DeliveryKind(record.kind)](badge_platform(record.platform), record, now)
    except PlatformRefused as refusal:
        changes = {"state": DeliveryState.STUCK, "reason": _without_address(refusal, record)}
    except PlatformUnavailable as failure:
        changes = _put_off(record, failure, now)
    _settle(record, changes, now)
    return changes.get("due_at")


def try_again(delivery_id: int, *, now: datetime) -> bool:
    """Take up a delivery that is stuck; False if it is not."""
    stuck = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.STUCK)
    # One attempt is kept: what may have been sent already is looked for first. Due for a while: clocks differ.
    taken_up = stuck.update(state=DeliveryState.WAITING, attempts=1, due_at=now - HELD)
    if taken_up:
        transaction.on_commit(partial(delivery_due.send, sender=None, delivery_id=delivery_id))
    return bool(taken_up)


def forget_learner(user_id: int) -> None:
    """Send nothing more in the learner's name, and forget the address; revocations still go."""
    owed = Delivery.objects.filter(credential__award__user_id=user_id, kind=DeliveryKind.ISSUE)
    owed.filter(state__in=(DeliveryState.WAITING, DeliveryState.STUCK)).update(state=DeliveryState.CANCELLED)
    owed.exclude(email="").update(email="")


def _post_issue(credential: Credential, known: PlatformAchievement, now: datetime) -> None:
    holder = platform().person(credential.award.user_id)
    values = {"badge": known.badge, "email": holder.email if holder else ""}
    _post(credential, known.platform, DeliveryKind.ISSUE, values, now)


def _post(credential: Credential, name: str, kind: DeliveryKind, values: Changes, now: datetime) -> None:
    values |= {"created_at": now, "due_at": now}
    record, is_new = Delivery.objects.get_or_create(credential=credential, platform=name, kind=kind, defaults=values)
    if is_new:
        transaction.on_commit(partial(delivery_due.send, sender=None, delivery_id=record.pk), robust=True)


def _free(now: datetime) -> QuerySet[Delivery]:
    """Those that a worker may take up; for the first attempt at any time: its clock may be behind the writer's."""
    return Delivery.objects.filter(Q(due_at__lte=now) | Q(attempts=0), state__in=OPEN)


def _claimed(delivery_id: int, now: datetime) -> Delivery | None:
    free = _free(now).filter(pk=delivery_id)
    if not free.update(state=DeliveryState.SENDING, attempts=F("attempts") + 1, due_at=now + HELD):
        return None
    return Delivery.objects.select_related("credential__award").get(pk=delivery_id)


def _issue(account: BadgePlatform, record: Delivery, now: datetime) -> Changes:
    if not record.email:
        return {"state": DeliveryState.CANCELLED}
    credential = record.credential
    order = Order(
        mark=str(credential.uuid),
        badge=record.badge,
        name=credential.holder_name,
        email=record.email,
        # Platforms refuse what is issued in the future, where a clock that was ahead may have put the award.
        issued_at=min(credential.award.awarded_at, now),
        proof=addresses.verification_address(credential.uuid),
    )
    # The answer to an earlier attempt may have been lost after the platform had acted.
    found = account.find(order) if record.attempts > 1 else None
    if found is None and not credential.is_live:
        return {"state": DeliveryState.CANCELLED}
    return {"state": DeliveryState.DONE, "identifier": found or account.issue(order)}


def _revoke(account: BadgePlatform, record: Delivery, _now: datetime) -> Changes:
    sent = Delivery.objects.get(credential=record.credential_id, platform=record.platform, kind=DeliveryKind.ISSUE)
    if sent.state in OPEN:
        raise PlatformUnavailable(_("the badge is still on its way"))
    if sent.state == DeliveryState.STUCK:
        raise PlatformRefused(_("whether the badge was issued there is not known: take up its issue first"))
    if not sent.identifier:
        return {"state": DeliveryState.CANCELLED}
    account.revoke(sent.identifier, record.credential.revocation_reason)
    return {"state": DeliveryState.DONE, "identifier": sent.identifier}


STEPS: Final[dict[DeliveryKind, Callable[[BadgePlatform, Delivery, datetime], Changes]]] = {
    DeliveryKind.ISSUE: _issue,
    DeliveryKind.REVOKE: _revoke,
}


def _settle(record: Delivery, changes: Changes, now: datetime) -> None:
    if changes["state"] == DeliveryState.DONE:
        changes = {**changes, "done_at": now, "reason": "", "email": ""}
    # A worker that was given up and comes back must not undo what its successor found.
    Delivery.objects.filter(pk=record.pk, state=DeliveryState.SENDING, attempts=record.attempts).update(**changes)


def _put_off(record: Delivery, failure: PlatformUnavailable, now: datetime) -> Changes:
    reason = _without_address(failure, record)
    wait = delay(record.attempts, jitter=random.random(), retry_after=failure.retry_after)  # noqa: S311 - spreads load
    if wait is None:
        return {"state": DeliveryState.STUCK, "reason": reason}
    return {"state": DeliveryState.WAITING, "reason": reason, "due_at": now + wait}


def _without_address(error: Exception, record: Delivery) -> str:
    return str(error).replace(record.email, "…") if record.email else str(error)
