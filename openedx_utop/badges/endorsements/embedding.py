"""Endorsements inside badges: which ones a badge takes along, and what checking those of a badge finds."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import override

from openedx_utop.badges import rules, terms
from openedx_utop.badges.endorsements import forms
from openedx_utop.badges.endorsements.data import EndorsementFacts, EndorsementRefused, EndorsementStatus
from openedx_utop.badges.endorsements.dids import host_in
from openedx_utop.badges.endorsements.forms import Signed
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import status_entries

# What an endorsement vouches for: neither the picture nor the endorsements themselves.
VOUCHED_FOR = ("id", "name", "description", "criteria", "alignment", "resultDescription", "tag", "specialization")
AWARD, BADGE, ISSUER = "award", "badge", "issuer"

Json = dict[str, Any]


def embedded(achievement_id: int, said: Callable[[], rules.Achievement], *, now: datetime) -> tuple[str, ...]:
    """The endorsements that a badge issued now takes along, as signed: of what it says now, in force, oldest first."""
    in_force = _in_force(now, achievement_id=achievement_id)
    if not in_force:
        return ()
    # What is written from conditions is written in the reader's language, and signed in that of the installation.
    with override(settings.LANGUAGE_CODE):
        vouched_for = digest(said())
    return tuple(each.document for each in in_force if each.vouched_sha256 == vouched_for)


def embedded_of_issuer(provider_id: int, said: rules.Issuer, *, now: datetime) -> tuple[str, ...]:
    """The same of a training provider, as it is named now."""
    vouched_for = issuer_digest(said)
    in_force = _in_force(now, provider_id=provider_id)
    return tuple(each.document for each in in_force if each.vouched_sha256 == vouched_for)


def _in_force(now: datetime, **subject: int) -> list[Endorsement]:
    live = Endorsement.objects.filter(**subject, is_live=True, key_is_listed=True, standing="").order_by("pk")
    return [each for each in live if each.valid_until is None or each.valid_until > now]


def digest(said: rules.Achievement) -> str:
    """SHA-256 of what an endorsement of this badge vouches for; call it in the language of the installation."""
    part = rules.achievement_part(said)
    vouched = {name: part[name] for name in VOUCHED_FOR if name in part}
    return sha256(json.dumps(vouched, sort_keys=True).encode()).hexdigest()


def issuer_digest(said: rules.Issuer) -> str:
    """SHA-256 of what an endorsement of an issuer vouches for: who it is, not where it can be reached."""
    return sha256(json.dumps([said.id, said.name]).encode()).hexdigest()


def embedded_of_award(credential_id: int, *, now: datetime) -> tuple[str, ...]:
    """Those of one learner's credential, which it takes along when it is signed again."""
    return tuple(each.document for each in _in_force(now, credential_id=credential_id))


def are_kept(credential: Json) -> bool:
    """Whether the endorsements inside a credential are, to the letter, some that were kept here, and read as ours are.

    A signature does not cover that a context is named, where another says the same.
    """
    inside = [signed for _place, signed in _inside(credential)]
    has_tokens = any(isinstance(each, str) for each in inside)
    contexts = terms.contexts(credential.get("credentialStatus", {}), has_tokens=has_tokens)
    # A status list is none of a badge's.
    is_read_alike = "achievement" not in credential["credentialSubject"] or _same(credential["@context"], contexts)
    return is_read_alike and all(_kept(each) is not None for each in inside)


def endorsements(credential: Json, *, now: datetime) -> tuple[EndorsementFacts, ...]:
    """What checking each endorsement inside a credential, or inside an achievement, finds."""
    return tuple(
        replace(_facts(signed, now), is_of_issuer=place == ISSUER, is_of_award=place == AWARD)
        for place, signed in _inside(credential)
    )


def _inside(credential: Json) -> Iterator[tuple[str, Any]]:
    """Of the learner's award, of its badge, and of who issued it."""
    if "credentialSubject" not in credential:
        yield from ((BADGE, each) for each in _listed(credential))
        return
    issuer = credential.get("issuer")
    yield from ((AWARD, each) for each in _listed(credential))
    yield from ((BADGE, each) for each in _listed(credential["credentialSubject"].get("achievement", {})))
    yield from ((ISSUER, each) for each in _listed(issuer if isinstance(issuer, dict) else {}))


def _listed(endorsed: Json) -> list[Any]:
    found: list[Any] = []
    for name in ("endorsement", "endorsementJwt"):
        listed = endorsed.get(name, [])
        found += listed if isinstance(listed, list) else [listed]
    return found


def _kept(signed: Any) -> Endorsement | None:
    try:
        identifier = forms.content(signed).get("id")
    except (EndorsementRefused, AttributeError):
        return None
    found = Endorsement.objects.filter(identifier=identifier) if isinstance(identifier, str) else ()
    return next((each for each in found if _same(forms.signed_in(each.document), signed)), None)


def _same(one: Any, other: Any) -> bool:
    """To the letter: for Python, true is one."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _facts(signed: Signed, now: datetime) -> EndorsementFacts:
    kept, document = _kept(signed), forms.content(signed)
    return EndorsementFacts(
        endorser=document["issuer"]["id"],
        host=host_in(document["issuer"]["id"]),
        name=document["issuer"]["name"],
        url=_web_address(document["issuer"].get("url")),
        comment=document["credentialSubject"]["endorsementComment"],
        valid_from=datetime.fromisoformat(document["validFrom"]),
        status=_status(signed, kept, now),
        checked_at=kept.standing_checked_at if kept else None,
    )


def _web_address(url: Any) -> str:
    """An endorser may have signed anything: what is no web address is not for a link."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def _status(signed: Signed, kept: Endorsement | None, now: datetime) -> EndorsementStatus:
    if kept is None or not forms.holds(signed, kept.public_key):
        return EndorsementStatus.UNVERIFIABLE
    if not kept.is_live:
        return EndorsementStatus.WITHDRAWN
    if kept.standing:
        return EndorsementStatus(kept.standing)
    if kept.valid_until is not None and kept.valid_until <= now:
        return EndorsementStatus.EXPIRED
    if not kept.key_is_listed:
        return EndorsementStatus.KEY_UNKNOWN
    return EndorsementStatus.UNCHECKED if _is_unchecked(forms.content(signed), kept, now) else EndorsementStatus.VALID


def _is_unchecked(document: Json, kept: Endorsement, now: datetime) -> bool:
    """Whether its status list is silent: lists are asked once a day."""
    silence = timedelta(days=settings.UTOP_ENDORSER_CHECK_DAYS)
    is_fresh = kept.standing_checked_at is not None and kept.standing_checked_at > now - silence
    return bool(status_entries(document)) and not is_fresh
