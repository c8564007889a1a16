"""The verification domain's door."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from openedx_utop.attestations import api as attestations
from openedx_utop.badges import api as badges
from openedx_utop.verification.data import (
    Badge,
    Certificate,
    Endorsement,
    Erasure,
    Kind,
    Revocation,
    Skill,
    Status,
    Successor,
    Verification,
)
from openedx_utop.verification.rules import masked

__all__ = [
    "Badge",
    "Certificate",
    "Endorsement",
    "Erasure",
    "Kind",
    "Revocation",
    "Skill",
    "Status",
    "Successor",
    "Verification",
    "verify",
]


def verify(uuid: UUID, *, now: datetime) -> Verification:
    """Whether we issued this, and whether it still is what was issued, checked anew each time.

    Raises `badges.SigningKeyMissing` and `SigningKeyInvalid`: without the key nothing can be said of a credential.
    """
    unknown = Verification(uuid, Status.UNKNOWN, now)
    return _credential(unknown) or _attestation(unknown) or _erased(unknown) or unknown


def _credential(unknown: Verification) -> Verification | None:
    try:
        found = badges.credential(unknown.uuid)
    except badges.UnknownCredential:
        return None
    altered = replace(unknown, status=Status.ALTERED, kind=Kind.CREDENTIAL)
    if not badges.proof_holds(found.document):
        return altered
    is_revoked = badges.is_listed_as_revoked(found.document)
    if is_revoked and not found.revocation:
        return altered
    shown = replace(_badge(found, unknown.checked_at), is_revoked=is_revoked) if found.is_shown else None
    if found.revocation:
        revocation = Revocation(found.revocation.at, found.revocation.reason)
        return _revoked(replace(altered, status=Status.REVOKED, shown=shown, revocation=revocation), found)
    if shown is None:
        return replace(altered, status=Status.HIDDEN)
    has_expired = found.has_expired(unknown.checked_at)
    return replace(altered, status=Status.EXPIRED if has_expired else Status.AUTHENTIC, shown=shown)


def _revoked(said: Verification, found: badges.CredentialFacts) -> Verification:
    after = badges.successor(found)
    if after is None:
        return said
    # It may be in another name since.
    shown = replace(said.shown, holder="") if said.shown else None
    return replace(said, shown=shown, successor=Successor(after.uuid, ""))


def _badge(found: badges.CredentialFacts, now: datetime) -> Badge:
    document = json.loads(found.document)
    achievement = document["credentialSubject"]["achievement"]
    return Badge(
        title=document["name"],
        issuer_name=document["issuer"]["name"],
        issuer_id=document["issuer"]["id"],
        issued_at=datetime.fromisoformat(document["validFrom"]),
        # The holder agreed to be named beside a badge that holds.
        holder=_shown_name(found.holder_name, is_public=found.name_is_public and not found.revocation),
        description=achievement["description"],
        criteria=achievement["criteria"]["narrative"],
        status_list=_status_list(document.get("credentialStatus", {})),
        has_token=bool(found.token),
        valid_until=datetime.fromisoformat(document["validUntil"]) if "validUntil" in document else None,
        trade=achievement.get("specialization", ""),
        level=", ".join(achievement.get("tag", ())),
        skills=tuple(
            Skill(each["targetFramework"], each["targetName"], each["targetUrl"])
            for each in achievement.get("alignment", ())
        ),
        endorsements=tuple(_endorsement(each) for each in badges.endorsements(document, now=now)),
    )


def _endorsement(found: badges.EndorsementFacts) -> Endorsement:
    return Endorsement(
        endorser=found.endorser,
        host=found.host,
        name=found.name,
        url=found.url,
        comment=found.comment,
        since=found.valid_from,
        status=str(found.status),
        is_of_issuer=found.is_of_issuer,
        is_of_award=found.is_of_award,
        checked_at=found.checked_at,
    )


def _status_list(entry: dict[str, str]) -> str:
    """Of bits, or of addresses: those name the list by its own address."""
    return entry.get("statusListCredential") or entry.get("id", "")


def _attestation(unknown: Verification) -> Verification | None:
    altered = replace(unknown, status=Status.ALTERED, kind=Kind.ATTESTATION)
    try:
        if not attestations.is_intact(unknown.uuid):
            return altered
    except attestations.UnknownAttestation:
        return None
    found = attestations.attestation(unknown.uuid)
    unaltered = replace(altered, status=Status.AUTHENTIC, shown=_certificate(found))
    if found.replaced_by is None:
        return unaltered
    successor = Successor(found.replaced_by.uuid, found.replaced_by.number)
    return replace(unaltered, status=Status.SUPERSEDED, successor=successor)


def _erased(unknown: Verification) -> Verification | None:
    try:
        left = attestations.erased(unknown.uuid)
    except attestations.UnknownAttestation:
        return None
    erasure = Erasure(left.erased_at, left.years, left.number, left.issued_at, left.context_sha256, left.replaced_by)
    return replace(unknown, status=Status.ERASED, kind=Kind.ATTESTATION, erasure=erasure)


def _certificate(found: attestations.AttestationFacts) -> Certificate:
    return Certificate(
        title=found.action_title,
        issuer_name=found.provider_name,
        issued_at=found.issued_at,
        holder=_shown_name(found.holder_name, is_public=found.name_is_public),
        number=found.number,
        estimated_seconds=found.estimated_seconds,
        realised_seconds=found.realised_seconds,
        connection_seconds=found.connection_seconds,
        context_sha256=found.context_sha256,
        certified_seconds=found.certified_seconds,
    )


def _shown_name(full_name: str, *, is_public: bool) -> str:
    return full_name if is_public else masked(full_name)
