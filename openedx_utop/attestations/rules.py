"""From the facts of an award to the frozen context: plain JSON that holds everything the document says."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final
from uuid import UUID

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.data import CourseTime
from openedx_utop.attendance.realised import Achieved, realised_by_modality, realised_rule
from openedx_utop.attendance.rules import Parameters
from openedx_utop.attestations import hours, wording
from openedx_utop.organizations.data import EmployerFacts, ProviderFacts
from openedx_utop.training.data import Action

Json = dict[str, Any]
TEMPLATE_VERSION: Final = "v2"

# The rule by which `attendance` counts, as docs/method states it.
COUNTING_RULE: Final = "1"

# The order of the ministry's model; the keys are those of `training.models.Nature`.
NATURES: Final = {
    "training": "action de formation",
    "skills_review": "bilan de compétences",
    "vae": "action de VAE",
    "apprenticeship": "action de formation par apprentissage",
}


@dataclass(frozen=True)
class Subject:
    """What a document is about.

    `evaluation` holds the award's frozen figures, `time` what was recorded until now and what of it is certified,
    `method` how it was counted, `planned_live` the planned seconds of live hours by modality and
    module.
    """

    learner_name: str
    provider: ProviderFacts
    employer: EmployerFacts | None
    action: Action
    awarded_at: datetime
    evaluation: Mapping[str, Any]
    time: CourseTime
    method: Parameters
    planned_live: Mapping[tuple[str, UsageKey | None], int]


@dataclass(frozen=True)
class Issue:
    """One issuing of a document: its identity, when, in which time zone, and where to check it.

    `former`: the frozen context of the document that it cancels and replaces.
    """

    uuid: UUID
    number: str
    issued_at: datetime
    zone: tzinfo
    verification_url: str
    former: Json | None = None


def number(year: int, rank: int) -> str:
    """`2026-000123`."""
    return f"{year}-{rank:06}"


def canonical(context: Mapping[str, Any]) -> bytes:
    """The one way to write a context down: sorted keys, no idle space, UTF-8."""
    return json.dumps(context, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(context: Mapping[str, Any]) -> str:
    """Of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(context)).hexdigest()


def frozen_context(subject: Subject, issue: Issue) -> Json:
    """Everything the document says, and nothing else: no address of a machine, no health, no score of behaviour."""
    context = _context(subject, issue)
    return _replacing(context, issue.former) if issue.former else context


def _replacing(context: Json, former: Json) -> Json:
    """Of whom and of what is told as it was told then: a correction changes figures only."""
    standing = {
        "employer": former["employer"],
        "action": {**context["action"], **former["action"]},
    }
    return {**context, **standing, "replaces": {key: former[key] for key in ("number", "issued_on")}}


def _context(subject: Subject, issue: Issue) -> Json:
    rule = realised_rule(subject.time.policies, subject.awarded_at.astimezone(issue.zone).date())
    realised = realised_by_modality(
        _achieved(subject.evaluation, issue.zone), subject.time.portions, subject.time.policies, rule
    )
    return {
        "template": TEMPLATE_VERSION,
        "counting": _counting(subject.method),
        "uuid": str(issue.uuid),
        "number": issue.number,
        "issued_at": wording.instant(issue.issued_at.astimezone(issue.zone)),
        "issued_on": wording.day(issue.issued_at.astimezone(issue.zone).date()),
        "time_zone": str(issue.zone),
        "verification_url": issue.verification_url,
        "provider": _provider(subject.provider),
        "learner": {"name": subject.learner_name},
        "employer": _employer(subject.employer),
        "action": _action(subject.action, subject.evaluation),
        "followed": _followed(subject, issue.zone),
        "durations": _durations(subject, realised),
        "realised_rule": rule,
        "hours": hours.modalities(hours.planned(subject.evaluation["path"], subject.planned_live), realised),
        "certification": hours.certification(subject.time, issue.zone),
        "grade": _grade(subject.evaluation),
        "attendance": _attendance(subject, issue.zone),
        "modules": [_module(module, subject.time, issue.zone) for module in subject.evaluation["path"]],
    }


def _provider(provider: ProviderFacts) -> Json:
    return {
        "name": provider.name,
        "address": wording.lines(provider.address),
        "town": wording.town(provider.address),
        "siret": wording.siret(provider.siret),
        "activity_number": provider.activity_number,
        "representative": provider.representative,
        "representative_title": provider.representative_title,
    }


def _employer(employer: EmployerFacts | None) -> Json | None:
    return {"name": employer.name, "siret": wording.siret(employer.siret)} if employer else None


def _action(action: Action, evaluation: Mapping[str, Any]) -> Json:
    sector = evaluation["sector"]
    return {
        "title": action.title,
        "course_key": str(action.course_key),
        "nature": action.nature,
        "natures": [{"label": label, "holds": nature == action.nature} for nature, label in NATURES.items()],
        "objectives": wording.lines(action.objectives),
        "starts_on": wording.day(action.starts_on),
        "ends_on": wording.day(action.ends_on),
        "sector": sector and sector["name"],
    }


def _followed(subject: Subject, zone: tzinfo) -> Json:
    """From the first sign of the learner to the instant when the conditions held."""
    completions = [_local_day(module["completed_at"], zone) for module in subject.evaluation["path"]]
    last = subject.awarded_at.astimezone(zone).date()
    first = subject.time.first and subject.time.first.astimezone(zone).date()
    known = [held for held in (first, *completions, last) if held]
    return {"from": wording.day(min(known)), "to": wording.day(last)}


def _durations(subject: Subject, realised: Mapping[str, int]) -> Json:
    return {
        "estimated": wording.duration(subject.evaluation["estimated_seconds"]),
        "realised": wording.duration(sum(realised.values())),
        "connection": wording.duration(subject.time.total_seconds),
        "certified": wording.duration(subject.time.certified_seconds),
    }


def _achieved(evaluation: Mapping[str, Any], zone: tzinfo) -> Iterator[Achieved]:
    """The modules completed, as they were frozen with the award."""
    for module in evaluation["path"]:
        if module["is_complete"]:
            key, completed_on = UsageKey.from_string(module["usage_key"]), _local_day(module["completed_at"], zone)
            yield Achieved(key, module["estimated_seconds"], completed_on)


def _counting(method: Parameters) -> Json:
    return {
        "version": COUNTING_RULE,
        "idle_seconds": method.idle // 1000,
        "activity_idle_seconds": method.activity_idle // 1000,
        "trail_seconds": method.trail // 1000,
    }


def _grade(evaluation: Mapping[str, Any]) -> str:
    """In percent; empty where the path had nothing to grade."""
    is_graded = any(module["possible"] for module in evaluation["path"])
    return wording.decimal(evaluation["grade"]) if is_graded else ""


def _attendance(subject: Subject, zone: tzinfo) -> Json:
    time = subject.time
    path = {UsageKey.from_string(module["usage_key"]) for module in subject.evaluation["path"]}
    off_path = sum(seconds for key, seconds in time.by_module.items() if key not in path)
    certified = time.certified_by_module
    certified_off_path = sum(seconds for key, seconds in certified.items() if key and key not in path)
    return {
        "connections": time.connections,
        "first": time.first and wording.instant(time.first.astimezone(zone)),
        "last": time.last and wording.instant(time.last.astimezone(zone)),
        "weeks": [{"monday": wording.day(monday), "time": wording.duration(spent)} for monday, spent in time.by_week],
        "offline": wording.duration(time.offline_seconds) if time.offline_seconds else None,
        "off_path": {"connection": wording.duration(off_path), "certified": wording.duration(certified_off_path)}
        if off_path or certified_off_path
        else None,
        "no_module": wording.duration(certified[None]) if None in certified else None,
    }


def _module(module: Mapping[str, Any], time: CourseTime, zone: tzinfo) -> Json:
    key = UsageKey.from_string(module["usage_key"])
    completed_on = _local_day(module["completed_at"], zone)
    return {
        "usage_key": module["usage_key"],
        "title": module["title"],
        "section": module["section_title"],
        "estimated": wording.duration(module["estimated_seconds"]),
        "connection": wording.duration(time.by_module.get(key, 0)),
        "certified": wording.duration(time.certified_by_module.get(key, 0)),
        "completed_on": completed_on and wording.day(completed_on),
        "result": _result(module["earned"], module["possible"]),
    }


def _result(earned: float, possible: float) -> str:
    """Points over points; empty where there was nothing to grade."""
    return f"{wording.decimal(earned)} / {wording.decimal(possible)}" if possible else ""


def _local_day(iso: str | None, zone: tzinfo) -> date | None:
    return datetime.fromisoformat(iso).astimezone(zone).date() if iso else None
