"""The badges domain's door."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings

from openedx_utop.badges import hosted, keys, proofs, rules, statuses
from openedx_utop.badges.achievements import achievements_of
from openedx_utop.badges.addresses import issuer
from openedx_utop.badges.awarding import (
    all_awards,
    award,
    award_due,
    award_if_fulfilled,
    awards_of,
    evaluation,
    evaluations,
)
from openedx_utop.badges.baking import HOSTED_KEYWORD, baked, baked_svg
from openedx_utop.badges.batches import award_learners, learners_in_portions
from openedx_utop.badges.choices.api import wants_badges
from openedx_utop.badges.correcting import Outdated, correct, outdated, successor
from openedx_utop.badges.credentials import (
    credential,
    credentials_of,
    forget_learner,
    issue_credential,
    reissue,
    renew,
    revoke,
    served,
    show,
    show_name,
)
from openedx_utop.badges.data import (
    AchievementFacts,
    AwardFacts,
    BadgeHidden,
    BadgeRefused,
    CredentialFacts,
    HolderGone,
    ImportedSkills,
    InvalidSkill,
    MalformedImage,
    ReasonMissing,
    Revocation,
    Scope,
    ServedCredential,
    Tally,
    UnknownAchievement,
    UnknownAward,
    UnknownCredential,
    UnknownIssuer,
    UnknownPicture,
    UnknownStatusList,
)
from openedx_utop.badges.endorsements.data import EndorsementFacts, EndorsementStatus
from openedx_utop.badges.endorsements.embedding import are_kept, endorsements
from openedx_utop.badges.framework_files import is_published
from openedx_utop.badges.hosted import badge_class as hosted_badge_class
from openedx_utop.badges.hosted import badge_version as hosted_badge_version
from openedx_utop.badges.hosted import issuer as hosted_issuer
from openedx_utop.badges.issuing import achievement_said
from openedx_utop.badges.models import Achievement
from openedx_utop.badges.owed import awards_to_certify, owed_badges
from openedx_utop.badges.pictures import SHIPPED, drawn_around, forget_pictures, keep_picture, picture, signed_picture
from openedx_utop.badges.refusing import accept, choose, is_badge_refused, refuse, refused_awards
from openedx_utop.badges.skills import SHIPPED_SKILLS, SkillFile, import_skills
from openedx_utop.badges.statuses import complete_lists, served_list
from openedx_utop.signing_keys import (
    RetiredKeyInvalid,
    SigningKeyInvalid,
    SigningKeyMissing,
    known_multikeys,
    signing_key,
)

__all__ = [
    "SHIPPED_SKILLS",
    "AchievementFacts",
    "AwardFacts",
    "BadgeHidden",
    "BadgeRefused",
    "CredentialFacts",
    "EndorsementFacts",
    "EndorsementStatus",
    "HolderGone",
    "ImportedSkills",
    "InvalidSkill",
    "MalformedImage",
    "Outdated",
    "ReasonMissing",
    "RetiredKeyInvalid",
    "Revocation",
    "Scope",
    "ServedCredential",
    "SigningKeyInvalid",
    "SigningKeyMissing",
    "SkillFile",
    "Tally",
    "UnknownAchievement",
    "UnknownAward",
    "UnknownCredential",
    "UnknownIssuer",
    "UnknownPicture",
    "UnknownStatusList",
    "accept",
    "achievement_document",
    "achievement_image",
    "achievements_of",
    "all_awards",
    "award",
    "award_due",
    "award_if_fulfilled",
    "award_learners",
    "awards_of",
    "awards_to_certify",
    "choose",
    "complete_lists",
    "correct",
    "credential",
    "credential_png",
    "credential_svg",
    "credentials_of",
    "endorsements",
    "evaluation",
    "evaluations",
    "forget_learner",
    "forget_pictures",
    "hosted_assertion",
    "hosted_badge_class",
    "hosted_badge_version",
    "hosted_issuer",
    "import_skills",
    "is_badge_refused",
    "is_listed_as_revoked",
    "is_published",
    "issue_credential",
    "issuer_document",
    "issuer_jwks",
    "keep_picture",
    "learners_in_portions",
    "outdated",
    "owed_badges",
    "picture",
    "proof_holds",
    "refuse",
    "refused_awards",
    "reissue",
    "renew",
    "revoke",
    "served",
    "served_list",
    "show",
    "show_name",
    "successor",
    "wants_badges",
]

DRAWING = SHIPPED.with_suffix(".svg")


def credential_png(uuid: UUID) -> bytes:
    """The badge's picture with the signed credential inside, and its 2.0 twin; raises UnknownCredential."""
    found = credential(uuid)
    twin = json.dumps(hosted.assertion(found), ensure_ascii=False)
    png = signed_picture(found.document) or SHIPPED.read_bytes()
    return baked(baked(png, twin, HOSTED_KEYWORD), found.document)


def credential_svg(uuid: UUID) -> str:
    """The badge's drawing with the signed credential inside, and its 2.0 twin; raises UnknownCredential."""
    found = credential(uuid)
    png, twin = signed_picture(found.document), hosted.assertion(found)
    drawing = drawn_around(png) if png else DRAWING.read_text(encoding="utf-8")
    return baked_svg(drawing, found.document, json.dumps(twin, ensure_ascii=False), address=twin["id"])


def hosted_assertion(uuid: UUID) -> dict[str, Any]:
    """The credential as Open Badges 2.0, or what is left of it once it is revoked; raises UnknownCredential."""
    found = credential(uuid)
    return hosted.revoked_assertion(uuid, found.revocation.reason) if found.revocation else hosted.assertion(found)


def achievement_image(uuid: UUID) -> bytes:
    """The badge's picture of today, a PNG; raises UnknownAchievement."""
    record = Achievement.objects.select_related("image").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAchievement(uuid)
    return bytes(record.image.png) if record.image else SHIPPED.read_bytes()


def achievement_document(uuid: UUID) -> dict[str, Any]:
    """What a badge says, as JSON-LD; raises UnknownAchievement."""
    record = Achievement.objects.select_related("action", "image", "sector").filter(uuid=uuid).first()
    if record is None:
        raise UnknownAchievement(uuid)
    return rules.achievement_document(achievement_said(record))


def issuer_jwks() -> dict[str, Any]:
    """The RSA keys of this installation as a JWK Set (RFC 7517), those retired included; raises SigningKeyInvalid."""
    return {"keys": [{**jwk, "use": "sig"} for jwk in keys.known_jwks()]}


def issuer_document() -> dict[str, Any]:
    """The DID document of this installation; raises SigningKeyMissing and SigningKeyInvalid."""
    current = signing_key().multikey if settings.UTOP_SIGNING_KEY else None
    return keys.issuer_document(issuer(), known_multikeys(), keys.known_jwks(), current=current)


def is_listed_as_revoked(document: str) -> bool | None:
    """What the published status list says of a credential whose proof holds; None if there is none to be believed.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    return statuses.is_listed_as_revoked(json.loads(document))


def proof_holds(document: str) -> bool:
    """Whether a credential's text carries this installation's signature, unaltered, by today's key or a retired one.

    What others signed inside it must be what was kept: a signature does not cover that it is read in its own context.
    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    known = known_multikeys()
    try:
        read = json.loads(document)
    except ValueError:
        return False
    is_signed = isinstance(read, dict) and any(proofs.holds(read, multikey=multikey) for multikey in known)
    return is_signed and are_kept(read)
