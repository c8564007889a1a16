"""What becomes of each line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.enrolment.data import Judged, Line, Seats, Terms, Verdict
from openedx_utop.enrolment.verdicts import checked, masked, normal_email, placed

TERMS = Terms({"hotel": "hotel", "hotellerie": "hotel", "sante": "sante"}, company="90000000100017")
INN = "90000000100017"


def verdict(**cells: str) -> Verdict | None:
    (judged,) = checked([Line(1, **{"email": "lea@example.org", **cells})], TERMS)
    return judged.verdict


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, None),
        ({"email": "Léa Dupré <LEA@Example.org>"}, None),
        ({"email": "lea@"}, Verdict.BAD_EMAIL),
        ({"email": ""}, Verdict.BAD_EMAIL),
        ({"email": "a" * 250 + "@example.org"}, Verdict.BAD_EMAIL),
        ({"siret": "900 000 001 00017"}, None),
        ({"siret": "1234"}, Verdict.BAD_SIRET),
        ({"siret": "9,0E+13"}, Verdict.BAD_SIRET),
        ({"siret": "90000001900019"}, Verdict.OTHER_COMPANY),
        ({"sector": "HÔTELLERIE"}, None),
        ({"sector": "aviation"}, Verdict.UNKNOWN_SECTOR),
        ({"level": "Débutante"}, None),
        ({"level": "expert"}, Verdict.UNKNOWN_LEVEL),
    ],
)
def test_a_line_alone(cells: dict[str, str], expected: Verdict | None) -> None:
    assert verdict(**cells) is expected


def test_a_line_comes_out_in_its_normal_form() -> None:
    line = Line(1, "Léa <LEA@Example.org>", "Dupré", "Léa", "900 000 001 00017", "Hôtellerie", "confirmé")
    (judged,) = checked([line], TERMS)
    assert judged.line == Line(1, "lea@example.org", "Dupré", "Léa", INN, "hotel", "advanced")


def test_a_staff_list_takes_every_company() -> None:
    (judged,) = checked([Line(1, "lea@example.org", siret="90000001900019")], Terms({}))
    assert judged.verdict is None


def test_a_company_that_is_not_eligible_is_told_what_to_do() -> None:
    (judged,) = checked([Line(1, "lea@example.org", siret=INN)], Terms({}, refused={INN: "Write to us."}))
    assert (judged.verdict, judged.explanation) == (Verdict.NOT_ELIGIBLE, "Write to us.")


def test_a_line_without_a_number_is_of_the_lists_company() -> None:
    (judged,) = checked([Line(1, "lea@example.org")], Terms({}, INN, {INN: "Write to us."}))
    assert judged.verdict is Verdict.NOT_ELIGIBLE


def test_a_duplicate_names_the_line_it_repeats() -> None:
    lines = [Line(1, "bad"), Line(2, "lea@example.org"), Line(7, "LEA@example.org")]
    judged = list(checked(lines, TERMS))
    assert [each.verdict for each in judged] == [Verdict.BAD_EMAIL, None, Verdict.DUPLICATE]
    assert "2" in judged[2].explanation


def test_a_line_refused_for_its_siret_does_not_make_the_next_a_duplicate() -> None:
    judged = list(checked([Line(1, "lea@example.org", siret="1"), Line(2, "lea@example.org")], TERMS))
    assert [each.verdict for each in judged] == [Verdict.BAD_SIRET, None]


numbers = st.integers(0, 8)


@given(people=st.lists(st.integers(0, 6), unique=True), listed=st.sets(st.integers(0, 6)), seats=numbers, taken=numbers)
def test_no_more_seats_than_there_are_and_in_order(people: list[int], listed: set[int], seats: int, taken: int) -> None:
    lines = [Judged(Line(number, f"{who}@example.org")) for number, who in enumerate(people, start=1)]
    settled = list(placed(lines, listed={f"{who}@example.org" for who in listed}, seats=Seats(seats, taken, 0)))
    new = [each.verdict for each in settled if each.verdict is not Verdict.LISTED]
    given_out = new.count(Verdict.SEAT)
    assert given_out == min(len(new), max(0, seats - taken))
    assert new == [Verdict.SEAT] * given_out + [Verdict.WAITING] * (len(new) - given_out)
    assert len(settled) - len(new) == len(set(people) & listed)


def test_nobody_overtakes_those_who_wait() -> None:
    (settled,) = placed([Judged(Line(1, "a@example.org"))], listed=(), seats=Seats(10, 5, 1))
    assert settled.verdict is Verdict.WAITING


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_in_small_letters_or_none(text: str) -> None:
    found = normal_email(text)
    assert found is None or (found == found.lower() and "@" in found and normal_email(found) == found)


def test_a_masked_address_tells_nobody_who() -> None:
    assert masked("camille.durand@exemple.fr") == "c…@e….fr"
    assert masked("") == ""
