"""What is certified of what is recorded: by example, and by what must hold of any record."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.attendance.certified import count
from openedx_utop.attendance.record import (
    ONLINE,
    AttendedTime,
    CorrectedTime,
    OnlineTime,
    Recorded,
    Rule,
)
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.training.data import Estimates, PolicyFacts
from tests.attendance.conftest import usage_key

PARIS = ZoneInfo("Europe/Paris")
A, B, C = (usage_key("first", "sequential", name) for name in "abc")
MONDAY = date(2026, 3, 2)
HOUR = 3600
# Time enough for an hour and a half on A, and for twenty minutes on the others.
ESTIMATES = Estimates(300, {A: HOUR // 2})
WIDE = PolicyFacts(activity_factor=Decimal(1000))


def at(hour: float, day: date = MONDAY) -> int:
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=PARIS)) + int(hour * HOUR * 1000)


def online(start: float, end: float, module=A, day: date = MONDAY) -> OnlineTime:
    return OnlineTime(module, at(start, day), at(end, day))


def live(start: float, end: float, module=None, modality="onsite_group", day: date = MONDAY) -> AttendedTime:
    return AttendedTime(at(start, day), at(end, day), modality, module)


def counted(*parts, policies=(WIDE,), estimates=ESTIMATES, zone=PARIS):
    kinds = {OnlineTime: [], AttendedTime: [], CorrectedTime: []}
    for part in parts:
        kinds[type(part)].append(part)
    return count(Recorded(*kinds.values()), policies, estimates, zone)


def told(outcome):
    """Hours by rule, None for what is certified."""
    totals: Counter = Counter()
    for portion in outcome.portions:
        totals[portion.rule] += portion.seconds
    return {rule: seconds / HOUR for rule, seconds in totals.items()}


def certified(portions):
    return sum(portion.seconds for portion in portions if portion.rule is None)


def test_an_activity_is_certified_up_to_a_multiple_of_its_estimate():
    outcome = counted(online(9, 11), policies=(PolicyFacts(),))
    assert told(outcome) == {None: 1.5, Rule.ACTIVITY: 0.5}


def test_twenty_minutes_of_a_short_activity_are_certified():
    outcome = counted(online(9, 10, B), policies=(PolicyFacts(),))
    assert told(outcome) == {None: pytest.approx(1 / 3), Rule.ACTIVITY: pytest.approx(2 / 3)}


def test_online_time_during_a_live_hour_is_not_missed_by_the_limit_of_the_activity():
    outcome = counted(online(9, 11), live(10, 11), policies=(PolicyFacts(),))
    assert {(each.modality, each.rule): each.seconds / HOUR for each in outcome.portions} == {
        (ONLINE, None): 1,
        ("onsite_group", None): 1,
    }


def test_the_limit_of_an_activity_spans_days():
    outcome = counted(online(9, 10), online(9, 10, day=date(2026, 3, 3)), policies=(PolicyFacts(),))
    capped = [(portion.day.day, portion.seconds) for portion in outcome.portions if portion.rule]
    assert capped == [(3, HOUR // 2)]


def test_ten_hours_of_a_day_are_certified_and_the_last_ones_are_not():
    outcome = counted(online(6, 12, A), online(12, 17, B))
    assert [(each.module, each.rule, each.seconds / HOUR) for each in outcome.portions] == [
        (A, None, 6),
        (B, None, 4),
        (B, Rule.DAY, 1),
    ]


def test_live_hours_come_first_in_the_day_and_know_no_limit_of_activity():
    outcome = counted(online(6, 14, A), live(14, 18, B), policies=(replace(WIDE, activity_minimum_seconds=60),))
    assert [(each.modality, each.rule, each.seconds / HOUR) for each in outcome.portions] == [
        (ONLINE, None, 6),
        (ONLINE, Rule.DAY, 2),
        ("onsite_group", None, 4),
    ]


def test_a_day_outside_the_contract_is_kept_and_not_certified():
    contract = replace(WIDE, contract_first=MONDAY, contract_last=MONDAY)
    sunday, tuesday = date(2026, 3, 1), date(2026, 3, 3)
    outcome = counted(online(9, 10, day=sunday), online(9, 10), live(9, 10, day=tuesday), policies=(contract,))
    assert [(each.day, each.rule) for each in outcome.portions] == [
        (sunday, Rule.CONTRACT),
        (MONDAY, None),
        (tuesday, Rule.CONTRACT),
    ]


def test_where_several_rules_apply_the_first_alone_is_named():
    before = replace(PolicyFacts(), contract_first=date(2026, 3, 3))
    assert told(counted(online(0, 20), policies=(before,))) == {Rule.CONTRACT: 20}
    # What the contract keeps takes nothing from the limit of the activity.
    outcome = counted(online(9, 10), online(9, 11, day=date(2026, 3, 3)), policies=(before,))
    assert told(outcome) == {Rule.CONTRACT: 1, None: 1.5, Rule.ACTIVITY: 0.5}


def test_a_live_hour_wins_over_an_overlapping_online_one():
    outcome = counted(online(9, 12), live(10, 11))
    [overlap] = outcome.overlaps
    assert (overlap.module, overlap.modality, overlap.seconds) == (A, ONLINE, HOUR)
    assert overlap.start == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert {each.modality: each.seconds / HOUR for each in outcome.portions} == {ONLINE: 2, "onsite_group": 1}
    assert outcome.online == {A: 3 * HOUR}


def test_two_live_hours_at_once_count_once():
    outcome = counted(live(9, 12), live(11, 13, modality="remote_live"))
    assert {each.modality: each.seconds / HOUR for each in outcome.portions} == {"onsite_group": 3, "remote_live": 1}
    assert [(each.modality, each.seconds) for each in outcome.overlaps] == [("remote_live", HOUR)]
    assert outcome.live_seconds == 4 * HOUR


def test_live_hours_signed_in_two_courses_at_once_count_in_one() -> None:
    elsewhere = replace(live(9, 12), is_elsewhere=True)
    here = counted(live(11, 13), elsewhere, online(9, 14))
    assert {each.modality: each.seconds / HOUR for each in here.portions} == {"onsite_group": 1, ONLINE: 1}
    there = counted(live(9, 12), replace(live(11, 13), is_elsewhere=True))
    assert (there.live_seconds, there.overlaps) == (3 * HOUR, ())


def test_corrections_add_to_their_module_and_take_from_the_end_of_the_day():
    more, less = CorrectedTime(MONDAY, B, 600), CorrectedTime(MONDAY, None, -900)
    outcome = counted(online(9, 10), more, less)
    assert {each.module: each.seconds for each in outcome.portions} == {A: HOUR - 300}
    assert (outcome.corrections_seconds, outcome.without_effect) == (-300, 0)


def test_a_correction_never_takes_more_than_there_was():
    outcome = counted(online(9, 9.5), live(10, 11), CorrectedTime(MONDAY, A, -HOUR))
    assert told(outcome) == {None: 1}
    assert (outcome.corrections_seconds, outcome.without_effect) == (-HOUR // 2, HOUR // 2)


def test_corrections_are_under_the_same_limits():
    outcome = counted(online(9, 10.5), CorrectedTime(MONDAY, A, 600), policies=(PolicyFacts(),))
    assert told(outcome) == {None: 1.5, Rule.ACTIVITY: pytest.approx(1 / 6)}


def test_past_days_keep_their_policy_and_a_recount_is_another_figure():
    tuesday = date(2026, 3, 3)
    strict = replace(WIDE, version=1, effective_from=tuesday, day_limit_seconds=HOUR)
    outcome = counted(online(9, 12), online(9, 12, day=tuesday), policies=(WIDE, strict))
    assert [(each.day.day, each.policy_version, each.rule, each.seconds / HOUR) for each in outcome.portions] == [
        (2, 0, None, 3),
        (3, 1, None, 1),
        (3, 1, Rule.DAY, 2),
    ]
    assert (certified(outcome.portions), certified(outcome.recounted)) == (4 * HOUR, 2 * HOUR)
    assert outcome.newest_version == 1


def test_an_activity_whose_limit_fell_loses_nothing_that_was_certified():
    tuesday = date(2026, 3, 3)
    halved = PolicyFacts(version=1, effective_from=tuesday, activity_factor=Decimal(1))
    outcome = counted(online(9, 10.5), online(9, 10, day=tuesday), policies=(PolicyFacts(), halved))
    assert told(outcome) == {None: 1.5, Rule.ACTIVITY: 1}


def test_without_any_policy_everything_is_certified():
    outcome = counted(online(0, 20), policies=(), estimates=Estimates())
    assert told(outcome) == {None: 20}
    assert certified(outcome.recounted) == 20 * HOUR


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_are_those_of_the_official_zone_when_clocks_change(day, length):
    start = milliseconds(datetime(day.year, day.month, day.day, tzinfo=PARIS))
    presence = OnlineTime(A, start - HOUR * 1000, start + (length + 1) * HOUR * 1000)
    days: Counter = Counter()
    for portion in counted(presence).portions:
        days[portion.day] += portion.seconds
    assert days == {day - timedelta(days=1): HOUR, day: length * HOUR, day + timedelta(days=1): HOUR}


def test_a_live_hour_waits_for_the_trainers_signature_where_the_policy_asks_for_it():
    asking = replace(WIDE, requires_trainer_signature=True)
    alone = replace(live(9, 11), trainer_signed=False)
    assert told(counted(alone, live(14, 15), policies=(asking,))) == {Rule.SIGNATURE: 2, None: 1}
    assert told(counted(alone)) == {None: 2}
    # It wins over what was learnt online at the same time all the same.
    assert told(counted(alone, online(10, 12), policies=(asking,))) == {Rule.SIGNATURE: 2, None: 1}


def test_each_day_is_counted_with_the_duration_published_then():
    tuesday = MONDAY + timedelta(days=1)
    halved = Estimates(300, {A: HOUR // 4}, earlier=((tuesday, ESTIMATES),))
    outcome = counted(online(9, 12), online(9, 10, day=tuesday), policies=(PolicyFacts(),), estimates=halved)
    assert [(each.day, each.rule, each.seconds / HOUR) for each in outcome.portions] == [
        (MONDAY, None, 1.5),
        (MONDAY, Rule.ACTIVITY, 1.5),
        (tuesday, Rule.ACTIVITY, 1),
    ]
    assert certified(outcome.recounted) == 0.75 * HOUR


def test_midnight_in_paris_is_not_midnight_in_utc():
    outcome = counted(online(23.5, 24.5), zone=PARIS)
    assert [(each.day.day, each.seconds) for each in outcome.portions] == [(2, HOUR // 2), (3, HOUR // 2)]


SPAN = 4 * 24 * HOUR * 1000
examples = settings(
    max_examples=settings.default.max_examples // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
modules = st.sampled_from([A, B, C])
instants = st.integers(0, SPAN)


@st.composite
def records(draw):
    """Presences never overlap each other (the frontier sees to it); live hours and corrections may be anything."""
    edges = sorted(draw(st.lists(instants, max_size=10, unique=True)))
    origin = at(0)
    presences = [
        OnlineTime(draw(modules), origin + start, origin + end)
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    hours = [
        AttendedTime(
            origin + start,
            origin + start + draw(st.integers(1, 6 * HOUR * 1000)),
            modality,
            module,
            draw(st.booleans()),
            str(rank),
            draw(st.booleans()),
        )
        for rank, (start, modality, module) in enumerate(
            draw(
                st.lists(
                    st.tuples(instants, st.sampled_from(["onsite_group", "remote_live"]), st.none() | modules),
                    max_size=4,
                )
            )
        )
    ]
    corrections = [
        CorrectedTime(MONDAY + timedelta(days=offset), module, seconds)
        for offset, module, seconds in draw(
            st.lists(st.tuples(st.integers(0, 4), st.none() | modules, st.integers(-20_000, 20_000)), max_size=4)
        )
    ]
    return Recorded(presences, hours, corrections)


@st.composite
def versions(draw):
    """Version 0 for ever, and up to three that take effect on some day, in any order."""
    return tuple(
        PolicyFacts(
            version=rank,
            effective_from=MONDAY + timedelta(days=draw(st.integers(0, 4))) if rank else None,
            activity_factor=draw(st.sampled_from([Decimal("0.5"), Decimal(3), Decimal(40)])),
            activity_minimum_seconds=draw(st.sampled_from([0, 1200])),
            day_limit_seconds=draw(st.sampled_from([60, 7200, 36_000])),
            contract_first=draw(st.sampled_from([None, MONDAY, MONDAY + timedelta(days=1)])),
            contract_last=draw(st.sampled_from([None, MONDAY + timedelta(days=2)])),
        )
        for rank in range(draw(st.integers(1, 4)))
    )


def overlapped(outcome):
    return sum(each.seconds for each in outcome.overlaps if each.modality == ONLINE)


@examples
@given(record=records(), policies=versions())
def test_certified_and_capped_are_all_that_was_recorded(record, policies):
    outcome = count(record, policies, ESTIMATES, PARIS)
    recorded = (
        sum(each.end - each.start for each in record.online) // 1000
        - overlapped(outcome)
        + outcome.live_seconds
        + outcome.corrections_seconds
    )
    assert sum(each.seconds for each in outcome.portions) == recorded
    assert sum(each.seconds for each in outcome.recounted) == recorded
    assert sum(outcome.online.values()) == sum(each.end - each.start for each in record.online) // 1000
    net = sum(each.seconds for each in record.corrections)
    assert outcome.corrections_seconds - outcome.without_effect == net


@examples
@given(record=records(), policies=versions())
def test_nothing_is_negative_and_no_limit_is_exceeded(record, policies):
    outcome = count(record, policies, ESTIMATES, PARIS)
    assert all(each.seconds > 0 for each in outcome.portions)
    assert outcome.without_effect >= 0
    assert all(each.rule != Rule.ACTIVITY for each in outcome.portions if each.modality != ONLINE)
    of_day: Counter = Counter()
    of_activity: Counter = Counter()
    by_version = {policy.version: policy for policy in policies}
    for each in outcome.portions:
        assert by_version[each.policy_version].covers(each.day) == (each.rule != Rule.CONTRACT)
        if each.rule is None:
            of_day[each.day, each.policy_version] += each.seconds
            of_activity[each.module if each.modality == ONLINE else None] += each.seconds
    assert all(seconds <= by_version[version].day_limit_seconds for (_day, version), seconds in of_day.items())
    for module in (A, B, C):
        most = max(policy.activity_limit(ESTIMATES.of(module)) for policy in policies)
        assert of_activity[module] <= most


@examples
@given(record=records(), policies=versions())
def test_each_day_has_one_version_the_highest_that_has_taken_effect(record, policies):
    for each in count(record, policies, ESTIMATES, PARIS).portions:
        effective = [
            policy.version for policy in policies if policy.effective_from is None or policy.effective_from <= each.day
        ]
        assert each.policy_version == max(effective)


@examples
@given(record=records(), policies=versions(), data=st.data())
def test_the_order_of_the_record_does_not_matter(record, policies, data):
    shuffled = Recorded(
        *(data.draw(st.permutations(part)) for part in (record.online, record.live, record.corrections))
    )
    assert count(shuffled, policies, ESTIMATES, PARIS) == count(record, policies, ESTIMATES, PARIS)


@examples
@given(record=records(), policies=versions())
def test_a_version_for_days_to_come_changes_nothing_of_days_past(record, policies):
    later = PolicyFacts(version=9, effective_from=MONDAY + timedelta(days=3), day_limit_seconds=1)
    before = count(record, policies, ESTIMATES, PARIS).portions
    after = count(record, (*policies, later), ESTIMATES, PARIS).portions
    assert [each for each in before if each.day < later.effective_from] == [
        each for each in after if each.day < later.effective_from
    ]
