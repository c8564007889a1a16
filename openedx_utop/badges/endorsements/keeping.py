"""Endorsements kept once they are verified, withdrawn, and their keys looked up again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pyld.jsonld import JsonLdError

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.data import UnknownAchievement, UnsignableDocument
from openedx_utop.badges.endorsements import embedding, resolving, standing
from openedx_utop.badges.endorsements.covering import SAMPLE, is_covered
from openedx_utop.badges.endorsements.data import (
    EndorsementRefused,
    KeyNotFound,
    KeyNotListed,
    Standing,
    StandingUnknown,
)
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import claim, proof, read, status_entries
from openedx_utop.badges.issuing import achievement_said, issuer_said, provider_said
from openedx_utop.badges.models import Achievement
from openedx_utop.organizations.api import provider, several_providers
from openedx_utop.training.api import action_of


@dataclass(frozen=True)
class _Subject:
    """What an endorsement is of: how it names it, the columns that say so, and whom its comment must name, if anyone.

    `issuer` and `achievement`: the badge that it would be embedded in.
    """

    name: str
    columns: Mapping[str, Any]
    issuer: rules.Issuer
    achievement: rules.Achievement
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
    return _keep(_Subject(said.address, columns, issuer, said), text.strip(), by=by, now=now)


def keep_of_issuer(provider_id: int, text: str, *, by: int | None, now: datetime) -> Endorsement:
    """An endorsement of a training provider, inside the badges that it issues from now on.

    Raises UnknownProvider and EndorsementRefused. Providers share one identity here: it must say which it means.
    """
    said = provider_said(provider(provider_id))
    issuer = replace(said, endorsements=embedding.embedded_of_issuer(provider_id, said, now=now))
    columns = {"provider_id": provider_id, "vouched_sha256": embedding.issuer_digest(said)}
    named = said.name if several_providers() else ""
    return _keep(_Subject(issuer.id, columns, issuer, SAMPLE, named), text.strip(), by=by, now=now)


def _keep(subject: _Subject, text: str, *, by: int | None, now: datetime) -> Endorsement:
    document = read(text)
    claimed = claim(document, subject=subject.name, issuer=addresses.issuer(), now=now)
    if subject.named.casefold() not in document["credentialSubject"]["endorsementComment"].casefold():
        raise EndorsementRefused(
            _("Several organisations issue badges here: its comment has to name {name}.").format(name=subject.named)
        )
    method = proof(document)["verificationMethod"]
    try:
        multikey = resolving.resolved(claimed.endorser, method)
    except KeyNotFound as error:
        raise EndorsementRefused(str(error)) from error
    if not embedding.holds(document, multikey):
        raise EndorsementRefused(_("Its signature does not hold: it was altered, or signed otherwise."))
    _refuse_said_twice(subject, text)
    try:
        with transaction.atomic():
            return Endorsement.objects.create(
                **subject.columns,
                **_standing(document, now),
                document=text,
                identifier=claimed.identifier,
                endorser=claimed.endorser,
                endorser_name=claimed.endorser_name[:255],
                method=method,
                multikey=multikey,
                key_checked_at=now,
                valid_until=claimed.valid_until,
                kept_at=now,
                kept_by=by,
            )
    except IntegrityError as error:
        raise EndorsementRefused(
            _("This organisation’s endorsement of it is kept already: withdraw that one first.")
        ) from error


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
        is_listed = resolving.resolved(endorsement.endorser, endorsement.method) == endorsement.multikey
    except KeyNotListed:
        is_listed = False
    except KeyNotFound:
        return None
    Endorsement.objects.filter(pk=endorsement.pk).update(key_is_listed=is_listed, key_checked_at=now)
    return is_listed


def look_up_standing(endorsement: Endorsement, *, now: datetime) -> Standing | None:
    """What its endorser's status list says against it; None if nothing, or nobody answers, which changes nothing."""
    document = json.loads(endorsement.document)
    if not status_entries(document):
        return None
    try:
        found = standing.looked_up(document, now=now)
    except StandingUnknown:
        return None
    Endorsement.objects.filter(pk=endorsement.pk).update(standing=found or "", standing_checked_at=now)
    return found


def _refuse_said_twice(subject: _Subject, text: str) -> None:
    """A statement that two parts of a badge make could be taken from one of them unnoticed."""
    issuer, achievement = subject.issuer, subject.achievement
    if achievement is SAMPLE:
        issuer = replace(issuer, endorsements=(*issuer.endorsements, text))
    else:
        achievement = replace(achievement, endorsements=(*achievement.endorsements, text))
    try:
        is_safe = is_covered(issuer, achievement)
    except (UnsignableDocument, JsonLdError) as error:
        raise EndorsementRefused(_("It holds terms that a badge’s signature would not cover.")) from error
    if not is_safe:
        raise EndorsementRefused(
            _("It repeats what the badge or another endorsement says, or describes the same thing twice.")
        )
