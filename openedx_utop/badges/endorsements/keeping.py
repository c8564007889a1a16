"""Endorsements kept once they are verified, withdrawn, and their keys looked up again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from pyld.jsonld import JsonLdError

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.data import UnknownAchievement, UnsignableDocument
from openedx_utop.badges.endorsements import embedding, resolving
from openedx_utop.badges.endorsements.data import EndorsementRefused, KeyNotFound, KeyNotListed
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import claim, proof, read, statements
from openedx_utop.badges.issuing import achievement_said, issuer_said
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.proofs import by_the_library
from openedx_utop.training.api import action_of


def keep(achievement_uuid: UUID, text: str, *, by: int | None, now: datetime) -> Endorsement:
    """An endorsement as its endorser signed it, verified, and from now on inside the badges issued.

    Raises UnknownAchievement, and EndorsementRefused with a sentence for the person who brings it.
    """
    achievement = Achievement.objects.filter(uuid=achievement_uuid).first()
    if achievement is None:
        raise UnknownAchievement(achievement_uuid)
    document = read(text.strip())
    with override(settings.LANGUAGE_CODE):
        said = achievement_said(achievement)
        vouched_for = embedding.digest(said)
    claimed = claim(document, subject=said.address, issuer=addresses.issuer(), now=now)
    method = proof(document)["verificationMethod"]
    try:
        multikey = resolving.resolved(claimed.endorser, method)
    except KeyNotFound as error:
        raise EndorsementRefused(str(error)) from error
    if not embedding.holds(document, multikey):
        raise EndorsementRefused(_("Its signature does not hold: it was altered, or signed otherwise."))
    _refuse_said_twice(achievement, said, text.strip())
    try:
        with transaction.atomic():
            return Endorsement.objects.create(
                achievement=achievement,
                achievement_sha256=vouched_for,
                document=text.strip(),
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
        raise EndorsementRefused(_("This organisation endorses the badge already: withdraw that one first.")) from error


def withdraw(endorsement_id: int, *, by: int | None, now: datetime) -> bool:
    """Embed it no more, and say so where it was; False if it was withdrawn before."""
    live = Endorsement.objects.filter(pk=endorsement_id, is_live=True)
    return bool(live.update(is_live=None, withdrawn_at=now, withdrawn_by=by))


def look_up_keys(*, before: datetime, now: datetime) -> int:
    """Ask for the keys last looked up before an instant; how many endorsers answered. Silence changes nothing."""
    due = Endorsement.objects.filter(is_live=True, key_checked_at__lt=before)
    return sum(look_up_key(each, now=now) is not None for each in due)


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


def _refuse_said_twice(achievement: Achievement, said: rules.Achievement, text: str) -> None:
    """A statement that two parts of a badge make could be taken from one of them unnoticed."""
    everything = replace(said, endorsements=(*said.endorsements, text))
    own = rules.Particulars(
        address=f"{said.address}#sample",
        subject="urn:uuid:00000000-0000-4000-8000-000000000000",
        status={"id": f"{said.address}#status", "type": "BitstringStatusListEntry"},
        identity_hash="sha256$0",
        salt="0",
        valid_from="2026-01-01T00:00:00Z",
        valid_until=None,
        result=None,
        narrative="-",
    )
    document = rules.document_of(issuer_said(action_of(achievement.action)), everything, own)
    try:
        lines = by_the_library(document).splitlines()
    except (UnsignableDocument, JsonLdError) as error:
        raise EndorsementRefused(_("It holds terms that a badge’s signature would not cover.")) from error
    # Each says of the badge that it is an EndorsementSubject; without that word its comment would be dropped as well.
    said_alike = len(everything.endorsements) - 1
    if statements(document) - len(lines) != said_alike:
        raise EndorsementRefused(
            _("It repeats what the badge or another endorsement says, or describes the same thing twice.")
        )
