"""The published rules of others, each on a history worked out by hand from its definition."""

import pytest

from bench.accuracy.peers import (
    attendanceregister,
    block_dedication,
    canvas,
    edx2bigquery,
    ilias,
    keep_alives,
    use_stats,
)

MINUTE = 60
# Three clicks within four minutes, one forty minutes later, two more two hours after that, a minute apart.
CLICKS = [minute * MINUTE for minute in (0, 2, 4, 44, 164, 165)]


def test_block_dedication_counts_from_first_to_last_and_drops_short_sessions() -> None:
    assert block_dedication(CLICKS) == 44 * MINUTE


def test_attendanceregister_adds_a_quarter_of_an_hour_to_each_session() -> None:
    assert attendanceregister(CLICKS) == (4 + 15 + 0 + 15 + 1 + 15) * MINUTE


def test_use_stats_credits_a_quarter_of_an_hour_for_a_long_gap_and_after_the_end() -> None:
    assert use_stats(CLICKS) == (2 + 2 + 40 + 15 + 1 + 15) * MINUTE


def test_edx2bigquery_counts_gaps_of_less_than_half_an_hour() -> None:
    assert edx2bigquery(CLICKS) == (2 + 2 + 1) * MINUTE
    assert edx2bigquery([0, 1799, 3599]) == 1799


def test_ilias_counts_gaps_of_up_to_five_minutes() -> None:
    assert ilias(CLICKS) == (2 + 2 + 1) * MINUTE
    assert ilias([0, 300, 601]) == 300


def test_canvas_counts_between_two_and_ten_minutes() -> None:
    assert canvas(CLICKS) == (2 + 2) * MINUTE
    assert canvas([0, 119, 200, 799, 1400]) == 200 + 599


@pytest.mark.parametrize(
    ("rule", "seconds"),
    [(block_dedication, 0), (attendanceregister, 900), (use_stats, 900), (edx2bigquery, 0), (ilias, 0), (canvas, 0)],
)
def test_a_single_click(rule: object, seconds: int) -> None:
    assert callable(rule)
    assert rule([17]) == seconds
    assert rule([]) == 0


def test_an_open_page_reports_every_ten_minutes() -> None:
    assert keep_alives([(0, 599), (1000, 2200)]) == [1600, 2200]
