"""The figures of each track."""

import csv
import io
from collections.abc import Sequence

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openedx_utop.sectors.api import SectorFacts, choose_sector, define_sector
from openedx_utop.steering.api import figures_of_tracks
from openedx_utop.steering.track_rules import track_figures
from tests.steering.conftest import COURSE, NOW, OTHER, STRANGER, TRAINER, Classroom, signed_in
from tests.steering.test_requests import open_trades

PAGE = f"/utop/steering/{COURSE}/tracks/"
TABLE = f"/utop/steering/{COURSE}/tracks.csv"
REST = f"/utop/api/v1/courses/{COURSE}/tracks/"

TRADES = [SectorFacts(slug, slug, None, 0, True) for slug in "abc"]
PEOPLE = st.sets(st.integers(1, 8), max_size=6)


def without_repeats(way: Sequence[SectorFacts]) -> tuple[SectorFacts, ...]:
    return tuple(each for number, each in enumerate(way) if number == 0 or way[number - 1] != each)


WAY = st.lists(st.sampled_from(TRADES), min_size=1, max_size=4).map(without_repeats)
WAYS = st.dictionaries(st.integers(1, 8), WAY, max_size=6)
SECONDS = st.dictionaries(st.integers(1, 8), st.integers(0, 10**6), max_size=6)


# A busy machine is no fault.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WAYS, PEOPLE, PEOPLE, SECONDS)
def test_everybody_is_counted_once_where_they_are(followed, learners, finished, seconds) -> None:
    *tracks, undecided = track_figures(TRADES, followed, learners=learners, finished=finished, seconds=seconds)
    assert sum(row.learners for row in tracks) + undecided.learners == len(learners)
    assert sum(row.learners + row.dropped for row in tracks) == len(followed)
    spent = sum(seconds.get(user_id, 0) for user_id in learners)
    assert sum(row.connection_seconds for row in (*tracks, undecided)) == spent
    assert sum(row.finished for row in tracks) == len(finished & learners & set(followed))
    for row in tracks:
        assert row.finished <= row.learners
        assert max(row.arrived, row.left, row.learners + row.dropped) <= row.chosen <= len(followed)


@pytest.fixture
def trainer(classroom: Classroom) -> Client:
    """Two of « hotel », one of whom is gone; one who changed to « sante » and has finished; one undecided."""
    open_trades(classroom)
    define_sector("traiteur", name="Traiteurs", parent="hotel")
    for pk in (1, 2, 3, 4):
        classroom.learner(pk, days_silent=1, minutes=10)
    choose_sector(1, COURSE, "hotel", chosen_by=1, now=NOW)
    choose_sector(1, COURSE, "traiteur", chosen_by=TRAINER, now=NOW)
    choose_sector(2, COURSE, "hotel", chosen_by=2, now=NOW)
    choose_sector(3, COURSE, "hotel", chosen_by=3, now=NOW)
    choose_sector(3, COURSE, "sante", chosen_by=TRAINER, now=NOW)
    classroom.host.enrolments.remove((2, COURSE))
    return signed_in(TRAINER)


def figures() -> dict[str, tuple[int, ...]]:
    return {
        row.sector.slug if row.sector else "": (
            row.chosen,
            row.arrived,
            row.left,
            row.learners,
            row.dropped,
            row.connection_seconds,
        )
        for row in figures_of_tracks(COURSE)
    }


def test_what_became_of_each_track(trainer: Client) -> None:
    assert figures() == {"hotel": (3, 0, 1, 1, 1, 600), "sante": (1, 1, 0, 1, 0, 600), "": (0, 0, 0, 1, 0, 600)}


def test_page_table_and_program_read_the_same(trainer: Client) -> None:
    page = trainer.get(PAGE).content.decode()
    assert "Santé &lt;&amp;&gt;" in page
    assert "not chosen yet" in page
    text = b"".join(trainer.get(TABLE).streaming_content).decode().removeprefix("\ufeff")
    _head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert rows[0] == ["Hôtellerie", "3", "0", "1", "1", "0", "1", "0:10:00", "0:10:00"]
    answer = trainer.get(REST).json()
    assert answer[0]["sector"] == {"slug": "hotel", "name": "Hôtellerie"}
    assert [each["chosen"] for each in answer] == [3, 1, 0]
    assert answer[-1]["sector"] is None


def test_a_name_that_is_a_formula_is_neutralised(trainer: Client) -> None:
    define_sector("hotel", name="=SUM(1)")
    assert "'=SUM(1);" in b"".join(trainer.get(TABLE).streaming_content).decode()


def test_two_tenants(trainer: Client, elsewhere: Classroom) -> None:
    for client in (signed_in(STRANGER), signed_in(1)):
        assert [client.get(address).status_code for address in (PAGE, TABLE, REST)] == [404, 404, 404]
    assert Client().get(REST).status_code in (401, 403)
    theirs = signed_in(STRANGER).get(f"/utop/api/v1/courses/{OTHER}/tracks/").json()
    assert [each["chosen"] for each in theirs] == [0]


def test_the_queries_do_not_grow_with_the_learners(
    trainer: Client, classroom: Classroom, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(10) as few:
        figures_of_tracks(COURSE)
    for pk in range(10, 20):
        classroom.learner(pk)
        choose_sector(pk, COURSE, "hotel", chosen_by=pk, now=NOW)
    with django_assert_num_queries(len(few.captured_queries)):
        figures_of_tracks(COURSE)
