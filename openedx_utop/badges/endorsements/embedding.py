"""Endorsements inside badges: which ones a badge takes along, and what checking those of a badge finds."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils.translation import override
from pyld.jsonld import JsonLdError

from openedx_utop.badges import rules
from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.endorsements.data import EndorsementFacts, EndorsementStatus
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import host_in, proof, status_entries
from openedx_utop.badges.proofs import document_hash, options_hash
from openedx_utop.signing_keys import ED25519_PUBLIC, from_multibase

# What an endorsement vouches for: neither the picture nor the endorsements themselves.
VOUCHED_FOR = ("id", "name", "description", "criteria", "alignment", "resultDescription", "tag", "specialization")

Json = dict[str, Any]


def embedded(achievement_id: int, said: Callable[[], rules.Achievement], *, now: datetime) -> tuple[str, ...]:
    """The endorsements that a badge issued now takes along, as JSON: of what it says now, in force, oldest first."""
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


def are_kept(credential: Json) -> bool:
    """Whether the endorsements inside a credential are, to the letter, some that were kept here."""
    return all(_kept(each) is not None for each in _inside(credential))


def endorsements(credential: Json, *, now: datetime) -> tuple[EndorsementFacts, ...]:
    """What checking each endorsement inside a credential, or inside an achievement, finds."""
    of_issuer = [replace(_facts(each, now), is_of_issuer=True) for each in _of_issuer(credential)]
    return (*(_facts(each, now) for each in _of_badge(credential)), *of_issuer)


def holds(document: Json, multikey: str) -> bool:
    """Whether an endorsement's own proof holds with this key."""
    try:
        found = proof(document)
        signature = from_multibase(found["proofValue"])
        signed = options_hash(document, found) + document_hash(document)
        key = Ed25519PublicKey.from_public_bytes(from_multibase(multikey).removeprefix(ED25519_PUBLIC))
        key.verify(signature, signed)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature, UnsignableDocument, JsonLdError):
        return False
    return True


def _inside(credential: Json) -> list[Any]:
    return [*_of_badge(credential), *_of_issuer(credential)]


def _of_badge(credential: Json) -> list[Any]:
    return _listed(credential.get("credentialSubject", {}).get("achievement", credential))


def _of_issuer(credential: Json) -> list[Any]:
    issuer = credential.get("issuer")
    return _listed(issuer) if isinstance(issuer, dict) else []


def _listed(endorsed: Json) -> list[Any]:
    listed = endorsed.get("endorsement", [])
    return listed if isinstance(listed, list) else [listed]


def _kept(document: Any) -> Endorsement | None:
    identifier = document.get("id") if isinstance(document, dict) else None
    found = Endorsement.objects.filter(identifier=identifier) if isinstance(identifier, str) else ()
    return next((each for each in found if _same(json.loads(each.document), document)), None)


def _same(one: Json, other: Json) -> bool:
    """To the letter: for Python, true is one."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _facts(document: Json, now: datetime) -> EndorsementFacts:
    kept = _kept(document)
    return EndorsementFacts(
        endorser=document["issuer"]["id"],
        host=host_in(document["issuer"]["id"]),
        name=document["issuer"]["name"],
        url=_web_address(document["issuer"].get("url")),
        comment=document["credentialSubject"]["endorsementComment"],
        valid_from=datetime.fromisoformat(document["validFrom"]),
        status=_status(document, kept, now),
        checked_at=kept.standing_checked_at if kept else None,
    )


def _web_address(url: Any) -> str:
    """An endorser may have signed anything: what is no web address is not for a link."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def _status(document: Json, kept: Endorsement | None, now: datetime) -> EndorsementStatus:
    if kept is None or not holds(document, kept.multikey):
        return EndorsementStatus.UNVERIFIABLE
    if not kept.is_live:
        return EndorsementStatus.WITHDRAWN
    if kept.standing:
        return EndorsementStatus(kept.standing)
    if kept.valid_until is not None and kept.valid_until <= now:
        return EndorsementStatus.EXPIRED
    if not kept.key_is_listed:
        return EndorsementStatus.KEY_UNKNOWN
    return EndorsementStatus.UNCHECKED if _is_unchecked(document, kept, now) else EndorsementStatus.VALID


def _is_unchecked(document: Json, kept: Endorsement, now: datetime) -> bool:
    """Whether its status list is silent: lists are asked once a day."""
    silence = timedelta(days=settings.UTOP_ENDORSER_CHECK_DAYS)
    is_fresh = kept.standing_checked_at is not None and kept.standing_checked_at > now - silence
    return bool(status_entries(document)) and not is_fresh
