"""Endorsements kept once they are verified, withdrawn, and their keys looked up again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pyld.jsonld import JsonLdError

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.data import UnknownAchievement, UnsignableDocument
from openedx_utop.badges.endorsements import editions, embedding, forms, resolving, standing
from openedx_utop.badges.endorsements.covering import SAMPLE, is_covered
from openedx_utop.badges.endorsements.data import (
    EndorsementRefused,
    KeyNotFound,
    KeyNotListed,
    Standing,
    StandingUnknown,
)
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import claim, status_entries
from openedx_utop.badges.issuing import achievement_said, issuer_said, provider_said
from openedx_utop.badges.models import Achievement
from openedx_utop.organizations.api import provider, several_providers
from openedx_utop.training.api import action_of

Endorsed = TypeVar("Endorsed", rules.Issuer, rules.Achievement)


@dataclass(frozen=True)
class _Subject:
    """What an endorsement is of: how it names it, the columns that say so, and whom its comment must name, if anyone.

    `covers`: whether the badge that it would be embedded in says nothing twice with it.
    """

    name: str
    columns: Mapping[str, Any]
    covers: Callable[[str], bool]
    named: str = ""


def keep(achievement_uuid: UUID, text: str, *, by: int | None, now: datetime) -> Endorsement:
    """An endorsement as its endorser signed it, verified, and from now on inside the badges issued.

    Raises UnknownAchievement, and EndorsementRefused with a sentence for the person who brings it.
    """
    achievement = Achievement.objects.filter(uuid=achievement_uuid).first()
    if achievement is None:
        raise UnknownAchievement(achievement_uuid)
    with override(settings.LANGUAGE_CODE):
        said = achievement_said(achievement)
        columns = {"achievement": achievement, "vouched_sha256": embedding.digest(said)}
        issuer = replace(issuer_said(action_of(achievement.action)), endorsements=())
    subject = _Subject(said.address, columns, lambda each: is_covered(issuer, _with(said, each)))
    return _keep(subject, text.strip(), by=by, now=now)


def keep_of_issuer(provider_id: int, text: str, *, by: int | None, now: datetime) -> Endorsement:
    """An endorsement of a training provider, inside the badges that it issues from now on.

    Raises UnknownProvider and EndorsementRefused. Providers share one identity here: it must say which it means.
    """
    said = provider_said(provider(provider_id))
    issuer = replace(said, endorsements=embedding.embedded_of_issuer(provider_id, said, now=now))
    columns = {"provider_id": provider_id, "vouched_sha256": embedding.issuer_digest(said)}
    named = said.name if several_providers() else ""
    subject = _Subject(issuer.id, columns, lambda each: is_covered(_with(issuer, each), SAMPLE), named)
    return _keep(subject, text.strip(), by=by, now=now)


def keep_of_credential(credential_uuid: UUID, text: str, *, by: int | None, now: datetime) -> Endorsement:
    """An endorsement of one learner's credential, which is signed again with it, under its own address.

    Raises UnknownCredential, EndorsementRefused, SigningKeyMissing and SigningKeyInvalid.
    """
    with transaction.atomic():
        record = editions.locked(credential_uuid)
        columns = {"credential": record, "vouched_sha256": sha256(record.document.encode()).hexdigest()}
        address = addresses.credential_address(record.uuid)
        subject = _Subject(address, columns, lambda each: editions.is_covered(record, each, now=now))
        found = _keep(subject, text.strip(), by=by, now=now)
        editions.sign_again(record, now=now)
    return found


def _with(said: Endorsed, text: str) -> Endorsed:
    return replace(said, endorsements=(*said.endorsements, text))


def _keep(subject: _Subject, text: str, *, by: int | None, now: datetime) -> Endorsement:
    signed = forms.signed_in(text)
    document, is_token = forms.content(signed), isinstance(signed, str)
    claimed = claim(document, subject=subject.name, issuer=addresses.issuer(), now=now, is_token=is_token)
    if subject.named.casefold() not in document["credentialSubject"]["endorsementComment"].casefold():
        raise EndorsementRefused(
            _("Several organisations issue badges here: its comment has to name {name}.").format(name=subject.named)
        )
    try:
        key = resolving.resolved(signed)
    except KeyNotFound as error:
        raise EndorsementRefused(str(error)) from error
    if not forms.holds(signed, key.public):
        raise EndorsementRefused(_("Its signature does not hold: it was altered, or signed otherwise."))
    _refuse_said_twice(subject, claimed.endorser, text)
    try:
        with transaction.atomic():
            return Endorsement.objects.create(
                **subject.columns,
                **_standing(document, now),
                document=text,
                identifier=claimed.identifier,
                endorser=claimed.endorser,
                endorser_name=claimed.endorser_name[:255],
                method=key.method,
                public_key=key.public,
                key_checked_at=now,
                valid_until=claimed.valid_until,
                kept_at=now,
                kept_by=by,
            )
    except IntegrityError as error:
        raise _kept_already() from error


def _kept_already() -> EndorsementRefused:
    return EndorsementRefused(_("This organisation’s endorsement of it is kept already: withdraw that one first."))


def _standing(document: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Columns, none for what has no status list; raises EndorsementRefused."""
    if not status_entries(document):
        return {}
    try:
        found = standing.looked_up(document, now=now)
    except StandingUnknown as error:
        raise EndorsementRefused(str(error)) from error
    if found:
        raise EndorsementRefused(_("Its endorser has revoked or suspended it."))
    return {"standing_checked_at": now}


def withdraw(endorsement_id: int, *, by: int | None, now: datetime) -> bool:
    """Embed it no more, and say so where it was; False if it was withdrawn before."""
    live = Endorsement.objects.filter(pk=endorsement_id, is_live=True)
    return bool(live.update(is_live=None, withdrawn_at=now, withdrawn_by=by))


def look_up_endorsers(*, before: datetime, now: datetime) -> int:
    """Ask for the keys last looked up before an instant, and for every status; how many endorsers told of their key.

    Silence changes nothing.
    """
    live = Endorsement.objects.filter(is_live=True)
    for each in live:
        look_up_standing(each, now=now)
    return sum(look_up_key(each, now=now) is not None for each in live.filter(key_checked_at__lt=before))


def look_up_key(endorsement: Endorsement, *, now: datetime) -> bool | None:
    """Whether its endorser still lists its key; None if nobody answers."""
    try:
        is_listed = resolving.resolved(_signed(endorsement)) == (endorsement.method, endorsement.public_key)
    except KeyNotListed:
        is_listed = False
    except KeyNotFound:
        return None
    Endorsement.objects.filter(pk=endorsement.pk).update(key_is_listed=is_listed, key_checked_at=now)
    return is_listed


def look_up_standing(endorsement: Endorsement, *, now: datetime) -> Standing | None:
    """What its endorser's status list says against it; None if nothing, or nobody answers, which changes nothing."""
    document = forms.content(_signed(endorsement))
    if not status_entries(document):
        return None
    try:
        found = standing.looked_up(document, now=now)
    except StandingUnknown:
        return None
    Endorsement.objects.filter(pk=endorsement.pk).update(standing=found or "", standing_checked_at=now)
    return found


def _signed(endorsement: Endorsement) -> forms.Signed:
    return forms.signed_in(endorsement.document)


def _refuse_said_twice(subject: _Subject, endorser: str, text: str) -> None:
    """A statement that two parts of a badge make could be taken from one of them unnoticed."""
    # First, for to sign it otherwise would not help.
    if Endorsement.objects.filter(**subject.columns, endorser=endorser, is_live=True).exists():
        raise _kept_already()
    try:
        is_safe = subject.covers(text)
    except (UnsignableDocument, JsonLdError) as error:
        raise EndorsementRefused(_("It holds terms that a badge’s signature would not cover.")) from error
    if not is_safe:
        raise EndorsementRefused(
            _(
                "It repeats what the badge or another endorsement says, or describes the same thing twice. "
                "As a token (VC-JWT) it could be kept."
            )
        )
