"""What a badge says: from frozen facts to the unsigned Open Badges 3.0 document."""

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from openedx_utop.attendance.data import CourseTime
from openedx_utop.badges.data import Reached
from openedx_utop.badges.validations.data import ValidationFacts
from openedx_utop.sectors.data import SectorFacts
from openedx_utop.training.data import Action, Module

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
# Names the other method of revocation, which is no term of the contexts above.
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
REVOCATION_LIST = "1EdTechRevocationList"
# Implementations write these differently when they canonicalise (and UTF-8 has no lone surrogates).
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Json = dict[str, Any]


@dataclass(frozen=True)
class Issuer:
    """Who signs: `id` is the did:web, the rest the training provider's; unknown: empty."""

    id: str
    name: str
    url: str
    email: str


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
    `endorsements`: JSON as their endorsers signed it.
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
class Content:
    """All that a credential is made of.

    `address` is its absolute URL, `subject` an URN that stands for the learner here and nowhere else,
    `status` says where revocation is looked up, `evaluation` what `frozen` returned.
    """

    address: str
    subject: str
    status: Mapping[str, Any]
    issuer: Issuer
    achievement: Achievement
    action: Action
    email: str
    salt: str
    awarded_at: datetime
    awarded_on: date
    evaluation: Mapping[str, Any]
    renewed_at: datetime | None = None

    @property
    def valid_from(self) -> datetime:
        """The award, or its renewal."""
        return self.renewed_at or self.awarded_at

    @property
    def expires_at(self) -> datetime | None:
        """To the second, as the document says it; None: never."""
        months = self.achievement.validity_months
        return valid_until(self.valid_from.replace(microsecond=0), months) if months else None


@dataclass(frozen=True)
class Particulars:
    """What a credential says that another of the same badge does not, each text cleaned; None: it does not say it."""

    address: str
    subject: str
    status: Mapping[str, str]
    identity_hash: str
    salt: str
    valid_from: str
    valid_until: str | None
    result: str | None
    narrative: str


def frozen(reached: Reached, sector: SectorFacts | None) -> Json:
    """The figures of an award as plain JSON: seconds, percent, points, ISO dates.

    `conditions`: those that held; `half_days` of live sessions and `validation`: where they were asked for.
    """
    evaluation, time = reached.evaluation, reached.time
    conditions, validation = evaluation.conditions, reached.validation
    return {
        "sector": {"slug": sector.slug, "name": sector.name} if sector else None,
        "path": [_frozen_module(module) for module in evaluation.path],
        "grade": evaluation.grade,
        "estimated_seconds": evaluation.estimated_seconds,
        "realised_seconds": evaluation.realised_seconds,
        "presence_seconds": evaluation.presence_seconds,
        "certified_seconds": evaluation.certified_seconds,
        "certified_by_modality": time.by_modality,
        "capped_seconds": time.capped_seconds,
        # They are of a day as often as of a module.
        **({"corrections_seconds": time.corrections_seconds} if isinstance(time, CourseTime) else {}),
        "overlap_seconds": time.overlap_seconds,
        "policy_versions": list(time.policy_versions),
        "conditions": {name: value for name, value in asdict(conditions).items() if name != "validator_id"},
        **({"half_days": reached.sessions.half_days} if conditions.looks_at_sessions else {}),
        **({"validation": _frozen_validation(validation)} if validation else {}),
    }


def _frozen_validation(validation: ValidationFacts) -> Json:
    """The row has the rest: who validated is not the learner's to publish."""
    return {"uuid": str(validation.uuid), "day": validation.day.isoformat()}


def _frozen_module(module: Module) -> Json:
    completed_at = module.completed_at and module.completed_at.isoformat()
    return {**asdict(module), "usage_key": str(module.usage_key), "completed_at": completed_at}


def cleaned(text: str) -> str:
    """The text without the control characters that a vertical tab pasted from a word processor stands for."""
    return UNSAFE.sub("", text)


def identity_hash(identifier: str, salt: str) -> str:
    """The identifier as Open Badges hides it, the salt after it."""
    return f"sha256${sha256((identifier + salt).encode()).hexdigest()}"


def instant(moment: datetime) -> str:
    """The moment as an XML dateTime in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def description(action: Action) -> str:
    """What the badge stands for, in the active language."""
    return action.objectives or _("Has completed the training “{title}”.").format(title=action.title)


def evidence(action: Action, evaluation: Mapping[str, Any], awarded_on: date) -> str:
    """What the learner did, in the active language; the three durations each with its name, never merged."""
    done = sum(module["is_complete"] for module in evaluation["path"])
    sentences = [
        _("Conditions fulfilled on {date}.").format(date=_day(awarded_on)),
        _("Training open from {start} to {end}.").format(start=_day(action.starts_on), end=_day(action.ends_on)),
        _("Sector: {sector}.").format(sector=evaluation["sector"]["name"]) if evaluation["sector"] else "",
        ngettext("{count} module completed.", "{count} modules completed.", done).format(count=done),
        _("Grade: {grade} %.").format(grade=decimal(evaluation["grade"])) if is_graded(evaluation) else "",
        _("Estimated duration: {time}.").format(time=duration(evaluation["estimated_seconds"])),
        _("Realised duration: {time}.").format(time=duration(evaluation["realised_seconds"])),
        _("Connection time: {time}.").format(time=duration(evaluation["presence_seconds"])),
        # Awards made before time was certified have no such figure.
        _("Certified time: {time}.").format(time=duration(evaluation["certified_seconds"]))
        if "certified_seconds" in evaluation
        else "",
        *_evidence_of_people(evaluation),
    ]
    return " ".join(filter(None, sentences))


def _evidence_of_people(evaluation: Mapping[str, Any]) -> Iterator[str]:
    """Where live sessions or a validation were asked for; who validated is not named."""
    if "half_days" in evaluation:
        count = evaluation["half_days"]
        words = ngettext(
            "{count} half-day of live sessions signed.", "{count} half-days of live sessions signed.", count
        )
        yield words.format(count=count)
    if "validation" in evaluation:
        day = date.fromisoformat(evaluation["validation"]["day"])
        yield _("Validated by the training team on {date}.").format(date=_day(day))


def is_graded(evaluation: Mapping[str, Any]) -> bool:
    """Whether the path had anything to grade."""
    return any(module["possible"] for module in evaluation["path"])


def _day(day: date) -> str:
    """The day in the active language: awards of one action name the same few."""
    return _written(day, get_language())


@lru_cache(maxsize=1024)
def _written(day: date, _language: str | None) -> str:
    return date_format(day)


def decimal(value: float) -> str:
    """At most two decimals, as the active language writes them."""
    return number_format(Decimal(plain(value)))


def plain(value: float) -> str:
    """At most two decimals, as JSON writes them: never an exponent, which implementations write differently."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def duration(seconds: int) -> str:
    """Hours and whole minutes, in the active language."""
    hours, minutes = divmod(seconds // 60, 60)
    return (_("{hours} h {minutes:02d} min") if hours else _("{minutes} min")).format(hours=hours, minutes=minutes)


def credential_document(content: Content) -> Json:
    """The unsigned credential. Nothing in it names the learner: the e-mail is hashed, the name stays outside."""
    return document_of(content.issuer, content.achievement, particulars(content))


def particulars(content: Content) -> Particulars:
    """What of the credential is this award's alone, in the active language."""
    return Particulars(
        address=content.address,
        subject=content.subject,
        status=content.status,
        identity_hash=identity_hash(content.email.strip().lower(), content.salt),
        salt=content.salt,
        valid_from=instant(content.valid_from),
        valid_until=instant(content.expires_at) if content.expires_at else None,
        result=plain(content.evaluation["grade"]) if is_graded(content.evaluation) else None,
        narrative=cleaned(evidence(content.action, content.evaluation, content.awarded_on)),
    )


def document_of(issuer: Issuer, achievement: Achievement, own: Particulars) -> Json:
    """The unsigned credential from what every award of the badge shares, and what is this one's alone."""
    document: Json = {
        "@context": _contexts(own.status),
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


def _contexts(status: Mapping[str, Any]) -> list[str]:
    return [*CONTEXTS, EXTENSIONS] if status["type"] == REVOCATION_LIST else CONTEXTS


def achievement_document(achievement: Achievement) -> Json:
    """The achievement by itself, as its own address answers."""
    part = {name: _all_cleaned(value) for name, value in achievement_part(achievement).items()}
    return {"@context": CONTEXTS, **part}


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
        **(
            {"endorsement": [json.loads(each) for each in achievement.endorsements]} if achievement.endorsements else {}
        ),
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
    return {name: value for name, value in asdict(issuer).items() if value and name != "id"}


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
