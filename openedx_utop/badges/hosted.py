"""The Open Badges 2.0 twin of a credential, for wallets that read no further: not signed, but hosted here."""

import json
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.encoding import iri_to_uri

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.data import CredentialFacts, UnknownAchievement, UnknownIssuer
from openedx_utop.badges.issuing import achievement_said
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.versions import content_of, is_kept, version
from openedx_utop.organizations.api import UnknownProvider, provider
from openedx_utop.training.api import action_of

CONTEXT = "https://w3id.org/openbadges/v2"

Json = dict[str, Any]


def assertion(credential: CredentialFacts) -> Json:
    """What the signed text says, in terms of 2.0: the same recipient, hashed with the same salt."""
    signed = json.loads(credential.document)
    subject = signed["credentialSubject"]
    (identity,) = subject["identifier"]
    return {
        "@context": CONTEXT,
        "id": addresses.assertion_address(credential.uuid),
        "type": "Assertion",
        "recipient": {
            "type": "email",
            "hashed": True,
            "identity": identity["identityHash"],
            "salt": identity["salt"],
        },
        "badge": _badge_address(subject["achievement"]),
        "verification": {"type": "HostedBadge"},
        "issuedOn": signed["validFrom"],
        **({"expires": signed["validUntil"]} if "validUntil" in signed else {}),
        "image": f"{addresses.credential_address(credential.uuid)}.png",
        "evidence": [{"type": "Evidence", "narrative": each["narrative"]} for each in signed["evidence"]],
    }


def revoked_assertion(uuid: UUID, reason: str) -> Json:
    """What is left of an assertion, to be answered with 410."""
    return {"id": addresses.assertion_address(uuid), "revoked": True, "revocationReason": reason}


def badge_class(uuid: UUID) -> Json:
    """What a badge says today, by the identifier of its achievement; raises UnknownAchievement."""
    record = Achievement.objects.select_related("action", "image", "sector").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAchievement(uuid)
    said = rules.achievement_document(achievement_said(record))
    return _badge_class(addresses.badge_class_address(uuid), said, provider_id=action_of(record.action).provider_id)


def badge_version(uuid: UUID, sha256: str) -> Json:
    """What it said in the badges signed with this content; raises UnknownAchievement."""
    kept = version(uuid, sha256)
    said, provider_id = json.loads(kept.document), action_of(kept.achievement.action).provider_id
    return _badge_class(addresses.badge_version_address(uuid, sha256), said, provider_id=provider_id)


def _badge_class(address: str, said: Json, *, provider_id: int) -> Json:
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "BadgeClass",
        "name": said["name"],
        "description": said["description"],
        "image": said["image"]["id"],
        "criteria": {"id": said["id"], **said["criteria"]},
        "issuer": addresses.hosted_issuer_address(provider_id),
        **_alignment(said),
        **({"tags": said["tag"]} if "tag" in said else {}),
    }


def _badge_address(achievement: Json) -> str:
    """Of what the badge said when it was signed; of what it says today where that was not kept."""
    uuid, digest = UUID(achievement["id"].rsplit("/", 1)[1]), content_of(achievement).sha256
    if is_kept(uuid, digest):
        return addresses.badge_version_address(uuid, digest)
    return addresses.badge_class_address(uuid)


def _alignment(said: Json) -> Json:
    """2.0 has no type of target."""
    listed = [
        {name: value for name, value in each.items() if name not in {"type", "targetType"}}
        for each in said.get("alignment", ())
    ]
    return {"alignment": listed} if listed else {}


def issuer(provider_id: int) -> Json:
    """The training provider, who needs an e-mail and a URL in 2.0; raises UnknownIssuer."""
    try:
        facts = provider(provider_id)
    except UnknownProvider as error:
        raise UnknownIssuer(provider_id) from error
    return {
        "@context": CONTEXT,
        "id": addresses.hosted_issuer_address(provider_id),
        "type": "Issuer",
        "name": rules.cleaned(facts.name),
        "url": iri_to_uri(facts.url or settings.LMS_ROOT_URL),
        "email": facts.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }
