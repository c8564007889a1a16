"""Credentials: at most one live per award, whoever asks at once; revoked for a reason, and issued anew on request."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from openedx_events.learning.signals import BADGE_AWARDED, BADGE_REVOKED

from openedx_utop import tracking
from openedx_utop.badges import statuses
from openedx_utop.badges.addresses import credential_address
from openedx_utop.badges.announcements import announce
from openedx_utop.badges.awarding import award_facts, award_record
from openedx_utop.badges.choices import api as choices
from openedx_utop.badges.data import (
    BadgeRefused,
    CredentialFacts,
    ReasonMissing,
    Revocation,
    ServedCredential,
    UnknownCredential,
)
from openedx_utop.badges.issuing import signed_credential
from openedx_utop.badges.models import Award, Credential
from openedx_utop.badges.platforms import api as platforms
from openedx_utop.badges.rules import cleaned
from openedx_utop.badges.validations import api as validations

# Two workers can draw the same free place of a status list; three times in a row is no chance.
ATTEMPTS = 3


def issue_credential(award_uuid: UUID, *, now: datetime, again: bool = False) -> CredentialFacts:
    """The award's credential, signed now if it is not there yet; two calls at once leave one.

    `again`: make a new one if the last was revoked. What runs by itself never does, or it would undo a revocation.
    Raises UnknownAward, SigningKeyMissing, SigningKeyInvalid, HolderGone once the account is gone, and BadgeRefused.
    """
    record = award_record(award_uuid)
    last = last_credential(record)
    if last and (last.is_live or not again):
        return _facts(last)
    if choices.is_refused(record.user_id, record.pk):
        raise BadgeRefused(award_uuid)
    return _facts(_stored(record, last, now=now, attempts=ATTEMPTS))


def credential(uuid: UUID) -> CredentialFacts:
    """One credential, live or revoked; raises UnknownCredential."""
    return _facts(_record(uuid))


def served(uuid: UUID) -> ServedCredential:
    """The same as its public address answers it, read from its own row alone; raises UnknownCredential."""
    for row in Credential.objects.filter(uuid=uuid).values_list("uuid", "document", "token", "is_shown"):
        return ServedCredential(*row)
    raise UnknownCredential(uuid)


def credentials_of(user_id: int) -> tuple[CredentialFacts, ...]:
    """The learner's credentials, revoked ones included, the latest first: in the order of their making.

    Dates tell another one where a clock was set back.
    """
    records = Credential.objects.select_related("award__action", "award__achievement__sector").filter(
        award__user_id=user_id
    )
    return tuple(_facts(record) for record in records.order_by("-pk"))


def revoke(uuid: UUID, reason: str, *, by: int | None, now: datetime) -> CredentialFacts:
    """The credential, revoked for everyone to see; what was revoked before keeps its first date and reason.

    `by`: LMS user id, None for the system. One issued before there were status lists is revoked on our pages only.
    Raises UnknownCredential, ReasonMissing, SigningKeyMissing and SigningKeyInvalid.
    """
    record = _record(uuid)
    end(record, reason, by=by, now=now, event=tracking.BADGE_REFUSED if by == record.award.user_id else None)
    return credential(uuid)


def end(record: Credential, reason: str, *, by: int | None, now: datetime, event: str | None) -> bool:
    """Whether it was live until now; `event`: what the tracking log calls it, as `announce` has it.

    Raises ReasonMissing, SigningKeyMissing and SigningKeyInvalid.
    """
    stated = cleaned(reason).strip()
    if not stated:
        raise ReasonMissing
    with transaction.atomic():
        # The list first: two revocations that wait for each other's rows would never end.
        listed = statuses.locked_list(record.status_list_id) if record.status_list_id else None
        if not _end(record, stated, by, now):
            return False
        if listed:
            statuses.note_revocation(listed, credential_address(record.uuid), record.status_index, stated, now=now)
        platforms.post_revocation(record, now=now)
        announce(BADGE_REVOKED, record, event=event)
    return True


def reissue(uuid: UUID, reason: str, *, by: int | None, now: datetime) -> CredentialFacts:
    """A new credential in place of this one, after a name was corrected for instance: both steps, or neither.

    Raises what `revoke` and `issue_credential` raise.
    """
    with transaction.atomic():
        former = _record(uuid)
        lock_award(former.award_id)
        # In the tracking log it is one event, of the new one.
        end(former, reason, by=by, now=now, event="")
        return issue_credential(former.award.uuid, now=now, again=True)


def renew(uuid: UUID, reason: str, *, by: int | None, now: datetime) -> CredentialFacts:
    """A new credential of the same award whose validity begins now, in place of one that expires or has expired.

    Raises what `reissue` raises.
    """
    with transaction.atomic():
        record = _record(uuid)
        lock_award(record.award_id)
        end(record, reason, by=by, now=now, event="")
        last = last_credential(record.award)
        return _facts(_stored(record.award, last, now=now, attempts=ATTEMPTS, renewed_at=now))


def show_name(uuid: UUID, user_id: int, public: bool) -> None:
    """Let the holder show or hide the full name to whoever verifies; raises UnknownCredential for anyone else."""
    if not Credential.objects.filter(uuid=uuid, award__user_id=user_id).update(name_is_public=public):
        raise UnknownCredential(uuid)


def show(uuid: UUID, user_id: int, shown: bool) -> None:
    """Let the holder show or hide the whole badge to whoever has its link; raises UnknownCredential for anyone else."""
    if not Credential.objects.filter(uuid=uuid, award__user_id=user_id, is_live=True).update(is_shown=shown):
        raise UnknownCredential(uuid)


def forget_learner(user_id: int) -> None:
    """Stop making badges, showing them and sending them on; what was made stays as evidence, and its files valid."""
    platforms.forget_learner(user_id)
    validations.forget_learner(user_id)
    choices.decide(user_id, None, is_wanted=False, now=timezone.now())
    Credential.objects.filter(award__user_id=user_id).update(name_is_public=False, is_shown=False)


def _as_before(last: Credential | None) -> dict[str, bool]:
    """What the holder decided about the former one; after a refusal nothing is left of it."""
    if last is None or last.revoked_by == last.award.user_id:
        return {}
    return {"name_is_public": last.name_is_public, "is_shown": last.is_shown}


def last_credential(award: Award) -> Credential | None:
    """The latest credential of an award, live or not."""
    return Credential.objects.filter(award=award).order_by("-pk").first()


def lock_award(award_id: int) -> None:
    """Whoever issues, refuses or renews comes one after the other."""
    Award.objects.select_for_update().get(pk=award_id)


def _record(uuid: UUID) -> Credential:
    record = Credential.objects.select_related("award__action", "award__achievement__sector").filter(uuid=uuid).first()
    if record is None:
        raise UnknownCredential(uuid)
    return record


def _stored(
    award: Award, last: Credential | None, *, now: datetime, attempts: int, renewed_at: datetime | None = None
) -> Credential:
    """A new row in the place of the last one, if there was any."""
    values = signed_credential(award_facts(award), now=now, renewed_at=renewed_at)
    try:
        with transaction.atomic():
            lock_award(award.pk)
            if choices.is_refused(award.user_id, award.pk, for_update=True):
                raise BadgeRefused(award.uuid)
            record = Credential.objects.create(award=award, **_as_before(last), **values)
            platforms.post_issues([record.uuid], now=now)
            anew = tracking.BADGE_RENEWED if renewed_at else tracking.BADGE_REISSUED
            announce(BADGE_AWARDED, record, event=anew if last else None, replaces=last.uuid if last else None)
            return record
    except IntegrityError:
        quicker = _made_meanwhile(award)
        if quicker is None and attempts == 1:
            raise
    return quicker or _stored(award, last, now=now, attempts=attempts - 1, renewed_at=renewed_at)


def _made_meanwhile(award: Award) -> Credential | None:
    # A locking read sees what others committed since the transaction of a caller began.
    with transaction.atomic():
        return Credential.objects.select_for_update().filter(award=award, is_live=True).first()


def _end(record: Credential, reason: str, by: int | None, now: datetime) -> bool:
    """Whether it was live until now."""
    live = Credential.objects.filter(pk=record.pk, is_live=True)
    return bool(live.update(is_live=None, revoked_at=now, revocation_reason=reason, revoked_by=by))


def _facts(record: Credential) -> CredentialFacts:
    return CredentialFacts(
        uuid=record.uuid,
        award=award_facts(record.award),
        document=record.document,
        issued_at=record.issued_at,
        holder_name=record.holder_name,
        name_is_public=record.name_is_public,
        revocation=_revocation(record),
        token=record.token,
        is_shown=record.is_shown,
        expires_at=record.expires_at,
    )


def _revocation(record: Credential) -> Revocation | None:
    if record.revoked_at is None:
        return None
    return Revocation(record.revoked_at, record.revocation_reason, record.revoked_by == record.award.user_id)
