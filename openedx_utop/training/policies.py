"""The versions of what an action certifies, each with the dates and durations that the action published then."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from opaque_keys.edx.keys import UsageKey

from openedx_utop.official_time import official_day
from openedx_utop.training.data import DEFAULTS, Action, Estimates, PolicyFacts, RealisedRule
from openedx_utop.training.models import AttendancePolicy, TrainingAction
from openedx_utop.training.rules import (
    check_effective_from,
    estimates_over_time,
    policy_in_force,
    reaches_back,
    still_to_come,
)

# What an operator decides in a policy.
TERMS = tuple(
    each.name
    for each in AttendancePolicy._meta.concrete_fields
    if each.editable and each.name not in {"id", "action", "effective_from"}
)
# An action's dates and durations as JSON: `first` and `last` day, `default_minutes`, and `minutes` by module.
Published = Mapping[str, Any]


def policies(action: Action) -> tuple[PolicyFacts, ...]:
    """Every version of the action's policy of attendance, from version 0, the defaults, to the newest."""
    written = AttendancePolicy.objects.filter(action_id=action.action_id).order_by("version")
    found = tuple(_policy(record, action) for record in written)
    if found and found[0].version == 0:
        return found
    terms = vars(DEFAULTS[action.defaults_edition])
    return (PolicyFacts(**terms | {"contract_first": action.starts_on, "contract_last": action.ends_on}), *found)


def policy_on(action: Action, day: date) -> PolicyFacts:
    """The version in force on a day of the official time zone."""
    return policy_in_force(policies(action), day)


def estimates(action: Action, versions: Sequence[PolicyFacts] | None = None) -> Estimates:
    """The published average durations of every module, on anybody's path or not; past days keep those of then.

    `versions`: the action's, read unless given.
    """
    record = TrainingAction.objects.prefetch_related("estimates").get(pk=action.action_id)
    newest = _estimates(published(record))
    return estimates_over_time(newest, policies(action) if versions is None else versions)


def add_policy(
    action_id: int, terms: Mapping[str, Any], *, effective_from: date, by: int, now: datetime
) -> PolicyFacts:
    """Write a new version; `terms` are fields of the model, the rest are its defaults. Raises ReachesBack."""
    with transaction.atomic():
        action = _locked(action_id)
        is_first = not action.policies.exists()
        check_effective_from(effective_from, is_first=is_first, today=official_day(now))
        facts = published(action)
        record = _append(action, terms, facts, effective_from=effective_from, by=by, now=now)
    return _policy(record, None)


def published(record: TrainingAction) -> Published:
    """The action's dates and durations, as they are."""
    return {
        "first": record.starts_on.isoformat(),
        "last": record.ends_on.isoformat(),
        "default_minutes": record.default_module_minutes,
        "minutes": {str(each.usage_key): each.minutes for each in record.estimates.all()},
    }


def published_facts(action_id: int) -> Published:
    """The same, read anew."""
    return published(TrainingAction.objects.prefetch_related("estimates").get(pk=action_id))


def date_facts(action_id: int, before: Published, *, by: int, now: datetime) -> bool:
    """After the action's dates or durations were changed: days past keep `before`, a new version has what is new.

    The terms of the policy stay as they are, those of versions that are still to take effect too. False if no day is
    concerned: nothing changed, or the action has not begun.
    """
    with transaction.atomic():
        action = _locked(action_id)
        after, today = published(action), official_day(now)
        if not reaches_back(before, after, today):
            return False
        written = list(action.policies.order_by("version"))
        if not written or written[0].version:
            terms = {"requires_trainer_signature": DEFAULTS[action.defaults_edition].requires_trainer_signature}
            first = date.fromisoformat(before["first"])
            written.insert(0, _append(action, terms, before, effective_from=first, by=by, now=now, version=0))
        for record in still_to_come(written, today):
            terms = {name: getattr(record, name) for name in TERMS}
            _append(action, terms, after, effective_from=max(today, record.effective_from), by=by, now=now)
    return True


def _locked(action_id: int) -> TrainingAction:
    """Locked, so that two operators at once write two versions."""
    return TrainingAction.objects.select_for_update().get(pk=action_id)


def _append(
    action: TrainingAction,
    terms: Mapping[str, Any],
    facts: Published,
    *,
    effective_from: date,
    by: int,
    now: datetime,
    version: int | None = None,
) -> AttendancePolicy:
    latest = action.policies.order_by("version").last()
    following = latest.version + 1 if latest else 1
    return AttendancePolicy.objects.create(
        **terms,
        action=action,
        version=following if version is None else version,
        effective_from=effective_from,
        action_facts=facts,
        created_at=now,
        created_by=by,
    )


def _policy(record: AttendancePolicy, action: Action | None) -> PolicyFacts:
    facts = record.action_facts
    first, last = (date.fromisoformat(facts[name]) for name in ("first", "last")) if facts else _dates(action)
    return PolicyFacts(
        version=record.version,
        # Version 0 is what holds until another does.
        effective_from=record.effective_from if record.version else None,
        activity_factor=record.activity_factor,
        activity_minimum_seconds=record.activity_minimum_minutes * 60,
        day_limit_seconds=record.day_limit_minutes * 60,
        day_flag_seconds=record.day_flag_minutes * 60,
        contract_first=record.contract_first_day or first,
        contract_last=record.contract_last_day or last,
        realised_rule=RealisedRule(record.realised_rule),
        records_ip=record.records_ip,
        is_eu_funded=record.is_eu_funded,
        requires_trainer_signature=record.requires_trainer_signature,
        estimates=_estimates(facts) if facts else None,
    )


def _dates(action: Action | None) -> tuple[date | None, date | None]:
    return (action.starts_on, action.ends_on) if action else (None, None)


def _estimates(facts: Published) -> Estimates:
    by_module = {UsageKey.from_string(key): minutes * 60 for key, minutes in facts["minutes"].items()}
    return Estimates(facts["default_minutes"] * 60, by_module)
