"""What a badge says: from frozen facts to the unsigned Open Badges 3.0 document."""

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from openedx_utop.badges import terms
from openedx_utop.badges.evidence import is_graded, plain

# Implementations write these differently when they canonicalise (and UTF-8 has no lone surrogates).
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Json = dict[str, Any]


@dataclass(frozen=True)
class Issuer:
    """Who signs: `id` is the did:web, the rest the training provider's; unknown: empty.

    `endorsements`: as their endorsers signed them, JSON or tokens.
    """

    id: str
    name: str
    url: str
    email: str
    endorsements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alignment:
    """A skill of a public framework that the badge stands for; `url` is the framework's own address of it."""

    framework: str
    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Achievement:
    """What the badge says. `address` and `image` are absolute URLs, `required_grade` in percent or 0.

    `validity_months`: None if it does not expire. `level` and `trade`: in words, empty if it is of none.
    `endorsements`: as their endorsers signed them, JSON or tokens.
    """

    address: str
    image: str
    name: str
    description: str
    criteria: str
    required_grade: float
    alignments: tuple[Alignment, ...] = ()
    validity_months: int | None = None
    level: str = ""
    trade: str = ""
    endorsements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Particulars:
    """What a credential says that another of the same badge does not, each text cleaned; None: it does not say it.

    Nothing in it names the learner: the e-mail is hashed, the name stays outside. `address` is the credential's own
    URL, `subject` an URN that stands for the learner here and nowhere else, `status` where revocation is looked up.
    """

    address: str
    subject: str
    status: Mapping[str, str]
    identity_hash: str
    salt: str
    valid_from: str
    valid_until: str | None
    result: str | None
    narrative: str


def cleaned(text: str) -> str:
    """The text without the control characters that a vertical tab pasted from a word processor stands for."""
    return UNSAFE.sub("", text)


def identity_hash(identifier: str, salt: str) -> str:
    """The identifier as Open Badges hides it, the salt after it."""
    return f"sha256${sha256((identifier + salt).encode()).hexdigest()}"


def instant(moment: datetime) -> str:
    """The moment as an XML dateTime in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def expiry(valid_from: datetime, achievement: Achievement) -> datetime | None:
    """To the second, as the document says it; None: never."""
    months = achievement.validity_months
    return valid_until(valid_from.replace(microsecond=0), months) if months else None


def result(evaluation: Mapping[str, Any]) -> str | None:
    """The grade, in percent; `evaluation` is what `frozen` returned. None where there was nothing to grade."""
    return plain(evaluation["grade"]) if is_graded(evaluation) else None


def document_of(issuer: Issuer, achievement: Achievement, own: Particulars) -> Json:
    """The unsigned credential, in the active language: what every award of the badge shares, and this one's own."""
    document: Json = {
        "@context": terms.contexts(
            own.status, has_tokens=terms.has_token((*issuer.endorsements, *achievement.endorsements))
        ),
        "id": own.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "issuer": {"id": issuer.id, "type": ["Profile"], **_issuer_part(issuer)},
        "validFrom": own.valid_from,
        **({"validUntil": own.valid_until} if own.valid_until else {}),
        "credentialSubject": {
            "id": own.subject,
            "type": ["AchievementSubject"],
            "identifier": [_identity_part(own)],
            "achievement": achievement_part(achievement),
            **_result_part(achievement, own),
        },
        "evidence": [{"type": ["Evidence"], "name": _("Path followed"), "narrative": own.narrative}],
        "credentialStatus": dict(own.status),
    }
    return {name: _all_cleaned(value) for name, value in document.items()}


def achievement_document(achievement: Achievement) -> Json:
    """The achievement by itself, as its own address answers."""
    part = {name: _all_cleaned(value) for name, value in achievement_part(achievement).items()}
    return {"@context": terms.contexts({}, has_tokens=terms.has_token(achievement.endorsements)), **part}


def achievement_part(achievement: Achievement) -> Json:
    """The achievement inside a credential."""
    return {
        "id": achievement.address,
        "type": ["Achievement"],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
        "image": {"id": achievement.image, "type": "Image"},
        "resultDescription": [_grade_description(achievement)],
        **({"alignment": [alignment_part(each) for each in achievement.alignments]} if achievement.alignments else {}),
        **({"tag": [achievement.level]} if achievement.level else {}),
        **({"specialization": achievement.trade} if achievement.trade else {}),
        **endorsement_part(achievement.endorsements),
    }


def alignment_part(alignment: Alignment) -> Json:
    """A skill as Open Badges name it; ESCO's have a type of their own."""
    kind = {"targetType": "ext:ESCOSkill"} if alignment.framework == "ESCO" else {}
    return {
        "type": ["Alignment"],
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetFramework": alignment.framework,
        "targetCode": alignment.code,
        **kind,
    }


def valid_until(awarded_at: datetime, months: int) -> datetime:
    """The same hour of the same day so many months later, or of the last day of that month."""
    years, month = divmod(awarded_at.month - 1 + months, 12)
    year = awarded_at.year + years
    return awarded_at.replace(year=year, month=month + 1, day=min(awarded_at.day, monthrange(year, month + 1)[1]))


def _issuer_part(issuer: Issuer) -> Json:
    own = {name: value for name, value in asdict(issuer).items() if value and name not in {"id", "endorsements"}}
    return {**own, **endorsement_part(issuer.endorsements)}


def endorsement_part(endorsements: tuple[str, ...]) -> Json:
    """Endorsements where Open Badges want them, by their form."""
    tokens = [each for each in endorsements if terms.is_token(each)]
    documents = [json.loads(each) for each in endorsements if not terms.is_token(each)]
    return {
        **({"endorsement": documents} if documents else {}),
        **({"endorsementJwt": tokens} if tokens else {}),
    }


def _identity_part(own: Particulars) -> Json:
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": own.identity_hash,
        "identityType": "emailAddress",
        "salt": own.salt,
    }


def _grade_description(achievement: Achievement) -> Json:
    required = {"requiredValue": plain(achievement.required_grade)} if achievement.required_grade else {}
    return {
        "id": f"{achievement.address}#grade",
        "type": ["ResultDescription"],
        "name": _("Grade"),
        "resultType": "Percent",
        "valueMin": "0",
        "valueMax": "100",
        **required,
    }


def _result_part(achievement: Achievement, own: Particulars) -> Json:
    if own.result is None:
        return {}
    result = {"type": ["Result"], "resultDescription": f"{achievement.address}#grade", "value": own.result}
    return {"result": [result]}


def _all_cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {name: _all_cleaned(item) for name, item in value.items()}
    return [_all_cleaned(item) for item in value] if isinstance(value, list) else value
