"""French wording of dates, durations and numbers."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.attestations import wording

seconds = st.integers(min_value=0, max_value=10_000 * 3600)


@given(seconds)
def test_the_clock_says_the_exact_seconds(value):
    hours, minutes, rest = map(int, wording.duration(value)["clock"].split(":"))
    assert (hours * 60 + minutes) * 60 + rest == value
    assert minutes < 60
    assert rest < 60


@given(seconds)
def test_hours_and_minutes_never_say_more_than_there_was(value):
    hours, minutes = map(int, wording.duration(value)["hours_minutes"].split("\u00a0h\u00a0"))
    assert 0 <= value - (hours * 60 + minutes) * 60 < 60


@given(seconds)
def test_hundredths_are_the_nearest(value):
    text = wording.duration(value)["hundredths"]
    assert re.fullmatch(r"\d+,\d\d\u00a0h", text)
    assert abs(int(text.split(",")[0]) * 3600 + int(text[-4:-2]) * 36 - value) <= 18


@given(st.dates())
def test_a_day_in_words_holds_the_year_and_the_day(value):
    held, month, year = wording.day(value)["wording"].split("\u00a0")
    assert (int(held.removesuffix("er")), wording.MONTHS.index(month) + 1, int(year)) == (
        value.day,
        value.month,
        value.year,
    )


def test_the_first_of_a_month_is_an_ordinal():
    assert wording.day(date(2026, 5, 1)) == {
        "iso": "2026-05-01",
        "wording": "1er\u00a0mai\u00a02026",
        "short": "01/05/2026",
    }


def test_an_instant_has_its_offset():
    value = datetime(2026, 8, 2, 9, 5, 59, 999, tzinfo=ZoneInfo("Europe/Paris"))
    assert wording.instant(value) == {
        "iso": "2026-08-02T09:05:59+02:00",
        "wording": "2\u00a0août\u00a02026 à 9\u00a0h\u00a005",
    }


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (10.0, "10"), (87.5, "87,5"), (66.666, "66,67"), (100.0, "100")]
)
def test_numbers_have_a_comma_and_no_idle_zero(value, text):
    assert wording.decimal(value) == text


def test_a_siret_is_grouped():
    assert wording.siret("90000000100017") == "900\u00a0000\u00a0001\u00a000017"


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("12 rue de la République\n69002 Lyon", "Lyon"),
        ("BP 12345 quelque part\n97400 Saint-Denis de La Réunion\n", "Saint-Denis de La Réunion"),
        ("1 rue Haute, 35000 Rennes", "Rennes"),
        ("Genève", ""),
        ("", ""),
    ],
)
def test_the_town_follows_the_postcode(address, town):
    assert wording.town(address) == town


def test_lines_lose_the_marks_of_the_author():
    assert wording.lines(" - un\n\n• deux\n* trois\nquatre - cinq") == ["un", "deux", "trois", "quatre - cinq"]
