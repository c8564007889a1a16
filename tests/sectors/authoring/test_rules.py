"""What each track sees and adds up to; what two states have apart; whom a change touches."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.sectors.authoring.axes import axes_of
from openedx_utop.sectors.authoring.data import SUBSECTION, UNIT, Plan, Row, Touch
from openedx_utop.sectors.authoring.rules import (
    applied,
    changes,
    copied,
    merged,
    modules,
    restored,
    totals,
    touches,
    visible,
)
from tests.sectors.authoring.plans import COLUMNS, GRADING, GROUPS, cells_of, plans

HOTEL, BANK, HEALTH = GROUPS


@given(plans())
def test_a_row_is_seen_if_all_above_it_are(plan: Plan) -> None:
    for group in (None, *GROUPS):
        seen = visible(plan, group)
        for row in plan.rows:
            above = row.parent is None or row.parent in seen
            open_here = group in plan.cells.get(row.name, {None, *GROUPS})
            assert (row.name in seen) == (above and open_here)


@given(plans(), st.sampled_from(GROUPS))
def test_a_track_is_the_trunk_and_more(plan: Plan, group: int) -> None:
    assert visible(plan, None) <= visible(plan, group)
    trunk, track = totals(plan, None), totals(plan, group)
    assert trunk.modules <= track.modules
    assert trunk.minutes <= track.minutes
    assert trunk.percent <= track.percent <= 100


@given(plans(), st.data())
def test_applying_the_changes_leads_there(plan: Plan, data: st.DataObject) -> None:
    other = data.draw(cells_of(plan.rows))
    assert applied(plan.cells, changes(plan.cells, other)) == other
    assert changes(plan.cells, plan.cells) == ()


@given(plans(), st.data())
def test_two_authors_lose_nothing(plan: Plan, data: st.DataObject) -> None:
    mine, theirs = data.draw(cells_of(plan.rows)), data.draw(cells_of(plan.rows))
    both, disputed = merged(plan.cells, mine, theirs)
    wanted = {change.name: change.after for change in changes(plan.cells, mine)}
    for row in plan.rows:
        assert both.get(row.name) == wanted.get(row.name, theirs.get(row.name)) or row.name not in wanted
    assert disputed <= wanted.keys()
    assert merged(plan.cells, mine, plan.cells) == (mine, frozenset())
    assert merged(plan.cells, plan.cells, theirs) == (theirs, frozenset())


@given(plans(), st.permutations(GROUPS))
def test_a_copied_track_sees_what_the_other_sees_and_nobody_loses(plan: Plan, groups: list[int]) -> None:
    source, target, bystander = groups
    then = replace(plan, cells=copied(plan.cells, source, target, axes_of(plan)))
    assert visible(then, source) == visible(plan, source)
    assert visible(then, bystander) == visible(plan, bystander)
    assert visible(then, source) <= visible(then, target)
    extra = {name for name, admitted in plan.cells.items() if admitted == {target}}
    if not extra:
        assert visible(then, target) == visible(then, source)


@given(plans(), st.data())
def test_a_version_is_restored_whole_while_its_groups_are_there(plan: Plan, data: st.DataObject) -> None:
    kept = data.draw(cells_of(plan.rows))
    assert restored(plan, kept) == (kept, frozenset())


def test_a_block_whose_groups_are_gone_is_not_opened_to_everybody() -> None:
    rows = (Row("chapter@1", 1, "S"), Row("chapter@2", 1, "S"))
    plan = Plan("Course", "/", rows, COLUMNS[:1], (), {"chapter@1": frozenset({HOTEL})})
    cells, lost = restored(plan, {"chapter@1": frozenset({99}), "chapter@9": frozenset({HOTEL})})
    assert (cells, lost) == ({"chapter@1": frozenset({HOTEL})}, frozenset({"chapter@1"}))


def _course() -> Plan:
    rows = (
        Row("chapter@1", 1, "Week 1"),
        Row("sequential@1", SUBSECTION, "Trunk", "chapter@1", 20, "Module"),
        Row("vertical@1", UNIT, "Text", "sequential@1"),
        Row("sequential@2", SUBSECTION, "Hotel", "chapter@1", 30, "Module"),
        Row("vertical@2", UNIT, "Text", "sequential@2"),
        Row("vertical@3", UNIT, "Question", "sequential@2"),
    )
    return Plan("Course", "/", rows, COLUMNS, GRADING, {"sequential@2": frozenset({HOTEL})})


def test_totals_of_a_track() -> None:
    hotel, bank = totals(_course(), HOTEL), totals(_course(), BANK)
    assert (hotel.modules, hotel.minutes, hotel.percent, hotel.assignments) == (2, 50, 60, {"Module": 2, "Exam": 0})
    assert (bank.modules, bank.minutes, bank.percent, bank.assignments) == (1, 20, 60, {"Module": 1, "Exam": 0})


def test_a_subsection_without_an_open_unit_is_no_module() -> None:
    plan = replace(_course(), cells={"vertical@2": frozenset({HOTEL}), "vertical@3": frozenset({HOTEL})})
    assert [row.name for row in modules(plan, BANK)] == ["sequential@1"]
    assert [row.name for row in modules(plan, HOTEL)] == ["sequential@1", "sequential@2"]


def test_whom_a_change_touches_and_who_had_finished() -> None:
    learners = {HOTEL: frozenset({1, 2, 3}), BANK: frozenset({4}), None: frozenset({5})}
    done = {"vertical@2": frozenset({1, 2, 4}), "vertical@3": frozenset({1, 4})}
    to_bank = {"sequential@2": frozenset({BANK})}
    assert touches(_course(), to_bank, learners, done) == {
        "sequential@2": Touch(frozenset({1, 2, 3, 4}), frozenset({1, 4}))
    }
    opened = touches(_course(), {}, learners, done)["sequential@2"]
    assert opened == Touch(frozenset({4, 5}), frozenset({4}))


def test_what_is_closed_from_above_touches_nobody() -> None:
    plan = replace(_course(), cells={"chapter@1": frozenset({HOTEL})})
    learners = {HOTEL: frozenset({1}), BANK: frozenset({4})}
    after = {"chapter@1": frozenset({HOTEL}), "sequential@2": frozenset({HOTEL, HEALTH})}
    assert touches(plan, after, learners, {})["sequential@2"] == Touch()
