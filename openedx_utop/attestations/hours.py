"""The hours of a document: by modality, and from the time recorded to the time certified; plain JSON, in French."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, tzinfo
from typing import Any, Final

from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.data import CourseTime
from openedx_utop.attendance.record import ONLINE
from openedx_utop.attestations import wording
from openedx_utop.training.data import PolicyFacts

Json = dict[str, Any]

# In the order of the hours' table.
MODALITIES: Final = {
    "onsite_individual": "présentiel individuel",
    "onsite_group": "présentiel collectif",
    "remote_live": "distanciel synchrone",
    ONLINE: "distanciel asynchrone",
}
RULES: Final = {
    "contract": "hors des dates du contrat",
    "signature": "demi-journée sans signature du formateur",
    "activity": "au-delà du plafond par activité",
    "day": "au-delà du plafond par jour",
}


def planned(
    path: Iterable[Mapping[str, Any]], live_hours: Mapping[tuple[str, UsageKey | None], int]
) -> Mapping[str, int]:
    """Seconds by modality, of a frozen path; a module with live hours is planned online for what is beyond them."""
    by_modality: Counter[str] = Counter()
    attended: Counter[UsageKey | None] = Counter()
    for (modality, module), seconds in live_hours.items():
        by_modality[modality] += seconds
        attended[module] += seconds
    online = (
        max(0, module["estimated_seconds"] - attended[UsageKey.from_string(module["usage_key"])]) for module in path
    )
    return {**by_modality, ONLINE: sum(online)}


def modalities(planned_seconds: Mapping[str, int], realised: Mapping[str, int]) -> Json:
    """Planned and realised seconds as the table of hours states them."""
    rows = [
        {
            "name": name,
            "planned": wording.duration(planned_seconds.get(modality, 0)),
            "realised": wording.duration(realised.get(modality, 0)),
        }
        for modality, name in MODALITIES.items()
    ]
    return {
        "rows": rows,
        "planned": wording.duration(sum(planned_seconds.values())),
        "realised": wording.duration(sum(realised.values())),
        "used": [
            name for modality, name in MODALITIES.items() if realised.get(modality) or planned_seconds.get(modality)
        ],
    }


def certification(time: CourseTime, zone: tzinfo) -> Json:
    """How the time certified follows from the time recorded: every figure between the two, and their details."""
    used = time.policy_versions or (time.recounted_version,)
    newest_differs = time.recounted_certified_seconds != time.certified_seconds
    return {
        "certified": wording.duration(time.certified_seconds),
        "live": wording.duration(time.live_seconds),
        "corrections": _signed(time.corrections_seconds),
        "corrections_without_effect": wording.duration(time.corrections_without_effect),
        "overlap": wording.duration(time.overlap_seconds),
        "overlaps": list(_overlaps(time, zone)),
        "uncertified": list(_uncertified(time)),
        "uncertified_details": [
            {
                "day": wording.day(portion.day),
                "module": str(portion.module) if portion.module else None,
                "rule": portion.rule,
                "policy": portion.policy_version,
                "time": wording.duration(portion.seconds),
            }
            for portion in time.capped
        ],
        "recount": {
            "policy": time.recounted_version,
            "certified": wording.duration(time.recounted_certified_seconds),
        }
        if newest_differs
        else None,
        "policies": [_policy(policy) for policy in time.policies if policy.version in used],
    }


def _signed(seconds: int) -> Json:
    return {"sign": "−" if seconds < 0 else "+", **wording.duration(abs(seconds))}


def _overlaps(time: CourseTime, zone: tzinfo) -> Iterator[Json]:
    for overlap in time.overlaps:
        start, end = overlap.start.astimezone(zone), overlap.end.astimezone(zone)
        yield {
            "from": wording.instant(start),
            "to": wording.instant(end),
            "modality": MODALITIES[overlap.modality],
            "module": str(overlap.module) if overlap.module else None,
            "time": wording.duration(overlap.seconds),
        }


def _uncertified(time: CourseTime) -> Iterator[Json]:
    """By rule and version of the policy."""
    totals: Counter[tuple[str, int]] = Counter()
    for portion in time.capped:
        totals[str(portion.rule), portion.policy_version] += portion.seconds
    days = Counter((rule, version) for rule, version, _day in _capped_days(time))
    for rule, words in RULES.items():
        for version in time.policy_versions:
            if seconds := totals[rule, version]:
                said = wording.duration(seconds)
                yield {"rule": rule, "words": words, "policy": version, "days": days[rule, version], "time": said}


def _capped_days(time: CourseTime) -> Iterable[tuple[str, int, date]]:
    return {(str(portion.rule), portion.policy_version, portion.day) for portion in time.capped}


def _policy(policy: PolicyFacts) -> Json:
    return {
        "version": policy.version,
        "effective_from": policy.effective_from and wording.day(policy.effective_from),
        "activity_factor": wording.decimal(float(policy.activity_factor)),
        "activity_minimum": wording.duration(policy.activity_minimum_seconds),
        "day_limit": wording.duration(policy.day_limit_seconds),
        "contract_first": policy.contract_first and wording.day(policy.contract_first),
        "contract_last": policy.contract_last and wording.day(policy.contract_last),
    }
