"""Each concern, and the course that gives rise to it."""

from dataclasses import replace

import pytest

from openedx_utop.sectors.authoring.data import (
    SECTION,
    SUBSECTION,
    UNIT,
    Assignment,
    Cells,
    Column,
    Concern,
    Conditions,
    Plan,
    Row,
)
from openedx_utop.sectors.authoring.findings import findings
from openedx_utop.sectors.authoring.wording import finding_words

HOTEL, BANK = 1, 2
COLUMNS = (Column(HOTEL, "Hôtel", ("Hôtel",)), Column(BANK, "Banque", ("Banque",)))
ROWS = (
    Row("chapter@1", SECTION, "Semaine 1"),
    Row("sequential@trunk", SUBSECTION, "Tronc", "chapter@1", 20, "Module"),
    Row("vertical@trunk", UNIT, "Leçon", "sequential@trunk"),
    Row("chapter@2", SECTION, "Semaine 2"),
    Row("sequential@hotel", SUBSECTION, "Accueil", "chapter@2", 30, "Module"),
    Row("vertical@hotel", UNIT, "Leçon", "sequential@hotel"),
    Row("sequential@bank", SUBSECTION, "Guichet", "chapter@2", 30, "Module"),
    Row("vertical@bank", UNIT, "Leçon", "sequential@bank"),
)
SOUND = Plan(
    "Cours",
    "/",
    ROWS,
    COLUMNS,
    (Assignment("Module", 100, 2, 0),),
    {"sequential@hotel": frozenset({HOTEL}), "sequential@bank": frozenset({BANK})},
    Conditions(requires_completion=True, required_grade=60, required_minutes=40),
)
LEARNERS = {HOTEL: frozenset({1}), BANK: frozenset({2})}


def concerns(plan: Plan, learners: dict[int | None, frozenset[int]] | None = None) -> set[tuple[Concern, str]]:
    found = findings(plan, LEARNERS if learners is None else learners)
    assert all(finding_words(finding) for finding in found)
    return {(finding.concern, finding.column.name if finding.column else "") for finding in found}


def restricted(**cells: frozenset[int]) -> Cells:
    return {name.replace("_", "@"): groups for name, groups in cells.items()}


def test_a_sound_course_raises_no_concern() -> None:
    assert concerns(SOUND) == set()


def test_a_new_course_is_not_blamed_for_having_no_learner() -> None:
    assert concerns(SOUND, {}) == set()


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (replace(SOUND, cells=restricted(sequential_hotel=frozenset({HOTEL}), sequential_bank=frozenset({HOTEL}))),
         {(Concern.EMPTY_WEEK, "Banque"), (Concern.UNBALANCED, "Banque"), (Concern.UNBALANCED, "Hôtel"),
          (Concern.ASSIGNMENTS_SHORT, "Banque"), (Concern.TIME_OUT_OF_REACH, "Banque")}),
        (replace(SOUND, grading=(*SOUND.grading, Assignment("Examen", 0, 1, 0))), set()),
        (replace(SOUND, grading=(Assignment("Module", 60, 2, 0), Assignment("Examen", 40, 1, 0))),
         {(Concern.ASSIGNMENT_MISSING, "Hôtel"), (Concern.ASSIGNMENT_MISSING, "Banque")}),
        (replace(SOUND, grading=(Assignment("Examen", 100, 1, 0),)),
         {(Concern.NO_ASSESSMENT, "Hôtel"), (Concern.NO_ASSESSMENT, "Banque")}),
        (replace(SOUND, cells=restricted(vertical_hotel=frozenset({HOTEL}), sequential_bank=frozenset({BANK}))),
         {(Concern.EMPTY_SUBSECTION, "Banque")}),
        (replace(SOUND, cells={**SOUND.cells, "vertical@hotel": frozenset({BANK})}),
         {(Concern.CLOSED_TO_ALL, ""), (Concern.EMPTY_SUBSECTION, "Hôtel"), (Concern.EMPTY_WEEK, "Hôtel"),
          (Concern.UNBALANCED, "Hôtel"), (Concern.UNBALANCED, "Banque"), (Concern.ASSIGNMENTS_SHORT, "Hôtel"),
          (Concern.TIME_OUT_OF_REACH, "Hôtel")}),
        (replace(SOUND, cells={**SOUND.cells, "sequential@trunk": frozenset({HOTEL, BANK, 9})}),
         {(Concern.UNKNOWN_GROUP, "")}),
    ],
    ids=["empty week", "weightless type", "missing type", "nothing graded", "empty subsection", "closed", "unknown"],
)  # fmt: skip
def test_each_concern_is_raised(plan: Plan, expected: set[tuple[Concern, str]]) -> None:
    assert concerns(plan) == expected


def test_a_group_without_learners_is_told_once_the_course_runs() -> None:
    assert concerns(SOUND, {HOTEL: frozenset({1})}) == {(Concern.NO_LEARNER, "Banque")}


def test_a_section_of_another_trade_is_no_empty_week() -> None:
    rows = (*ROWS[:4], *ROWS[4:6], Row("chapter@3", SECTION, "Banque"), replace(ROWS[6], parent="chapter@3"), ROWS[7])
    cells = restricted(chapter_2=frozenset({HOTEL}), chapter_3=frozenset({BANK}))
    assert concerns(replace(SOUND, rows=rows, cells=cells)) == set()
