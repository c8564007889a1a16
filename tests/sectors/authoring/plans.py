"""Plans of any shape, for properties, and a small course on the in-memory host."""

from hypothesis import strategies as st

from openedx_utop.sectors.authoring.data import SECTION, SUBSECTION, UNIT, Assignment, Column, Plan, Row

GROUPS = (1, 2, 3)
COLUMNS = tuple(Column(number, f"Group {number}", (f"Sector {number}",)) for number in GROUPS)
GRADING = (Assignment("Module", 60, 2, 0), Assignment("Exam", 40, 1, 0))
admitted = st.frozensets(st.sampled_from(GROUPS), min_size=1)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Two sections at most, of some subsections with some units, restricted anywhere."""
    rows = []
    for section in range(draw(st.integers(1, 2))):
        rows.append(Row(f"chapter@{section}", SECTION, "S"))
        for number in range(draw(st.integers(0, 3))):
            name = f"sequential@{section}{number}"
            kind, minutes = draw(st.sampled_from(("", "Module", "Exam"))), draw(st.integers(0, 60))
            rows.append(Row(name, SUBSECTION, "M", f"chapter@{section}", minutes, kind))
            rows += [
                Row(f"vertical@{section}{number}{unit}", UNIT, "U", name) for unit in range(draw(st.integers(0, 2)))
            ]
    return Plan("Course", "/", tuple(rows), COLUMNS, GRADING, draw(cells_of(tuple(rows))))


def cells_of(rows: tuple[Row, ...]) -> st.SearchStrategy[dict[str, frozenset[int]]]:
    """Restrictions of some of these rows."""
    return st.dictionaries(st.sampled_from([row.name for row in rows]), admitted)
