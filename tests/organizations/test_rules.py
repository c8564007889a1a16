"""Numbers as people type and paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.organizations.api import InvalidCode, InvalidSiret, check_siret, normalise_idcc, normalise_naf


@pytest.mark.parametrize(
    "text",
    [
        "73282932000074",
        "35600000000048",
        "35600000009075",
        "35600000009093",
        "41816609600069",
        "06980513300076",
        "90000000100017",
        "90000001900019",
        "90000002700012",
        "90000003500015",
    ],
)
def test_real_and_synthetic_numbers_pass(text: str) -> None:
    siret = check_siret(text)
    assert (siret.value, siret.checksum_warning) == (text, False)


@pytest.mark.parametrize("text", ["35600000009090", "50000000000000", "35600000000014", "73282932000075"])
def test_a_wrong_checksum_warns_and_never_blocks(text: str) -> None:
    siret = check_siret(text)
    assert (siret.value, siret.checksum_warning) == (text, True)


@pytest.mark.parametrize(
    "text",
    [
        "732 829 320 00074",
        "732\u00a0829\u00a0320\u00a000074",
        "732\u202f829\u202f320\u202f00074",
        "732.829.320.00074",
        "732-829-320-00074",
        "732\u2011829\u2013320\u201400074",
        " \t73282932000074\r\n",
        "\ufeff73282932000074\u200b",
    ],
)
def test_what_separates_digits_is_ignored(text: str) -> None:
    assert check_siret(text).value == "73282932000074"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "14"),
        (" - ", "14"),
        ("7328293200007O", "lettre|letter"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "lettre|letter"),
        ("7328293200007²", "lettre|letter"),
        ("732829320", "SIREN"),
        ("7328293200007", "13"),
        ("732829320000741", "15"),
        ("00000000000000", "z[eé]ro"),
    ],
)
def test_what_cannot_be_a_siret_is_refused_with_what_to_do(text: str, advice: str) -> None:
    with pytest.raises(InvalidSiret, match=advice):
        check_siret(text)


def test_the_zero_that_a_spreadsheet_took_is_put_back_with_a_warning() -> None:
    siret = check_siret("6980513300076")
    assert (siret.value, siret.checksum_warning, siret.restored_zero) == ("06980513300076", False, True)
    assert not check_siret("06980513300076").restored_zero


@pytest.mark.parametrize("text", ["4,18166E+13", "4.18166E+13", "4,18166e+13", " 4E+13 ", "4,18166E13"])
def test_a_number_shortened_by_a_spreadsheet_is_told_as_such(text: str) -> None:
    with pytest.raises(InvalidSiret, match=r"tableur|spreadsheet"):
        check_siret(text)


@pytest.mark.parametrize(
    "text", ["'41816609600069", '="41816609600069"', "41816609600069.0", "41816609600069,00", "418 166 096 00069,00"]
)
def test_the_marks_of_a_spreadsheet_are_ignored(text: str) -> None:
    assert check_siret(text).value == "41816609600069"


@given(st.text())
def test_any_text_gives_fourteen_digits_or_a_refusal(text: str) -> None:
    try:
        value = check_siret(text).value
    except InvalidSiret:
        return
    assert len(value) == 14
    assert value.isascii()
    assert value.isdigit()


@given(st.integers(10**13, 10**14 - 1).map(str), st.lists(st.sampled_from(" .-\u00a0\u202f"), max_size=13))
def test_separators_change_nothing(digits: str, separators: list[str]) -> None:
    pasted = "".join(digit + (separators[at] if at < len(separators) else "") for at, digit in enumerate(digits))
    assert check_siret(pasted) == check_siret(digits)


@pytest.mark.parametrize(
    ("text", "code"), [("29", "0029"), ("0029", "0029"), (" 1979 ", "1979"), ("", ""), ("00413", "0413")]
)
def test_an_idcc_has_four_digits(text: str, code: str) -> None:
    assert normalise_idcc(text) == code


@pytest.mark.parametrize("text", ["0000", "19790", "HCR", "19a9"])
def test_what_is_no_idcc_is_refused(text: str) -> None:
    with pytest.raises(InvalidCode):
        normalise_idcc(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("55.10Z", "55.10Z"),
        ("5510Z", "55.10Z"),
        ("5510z", "55.10Z"),
        ("55.10", "55.10"),
        ("551", "55.1"),
        ("55", "55"),
        ("", ""),
    ],
)
def test_a_naf_code_has_a_dot_after_its_division(text: str, code: str) -> None:
    assert normalise_naf(text) == code


@pytest.mark.parametrize("text", ["5", "55Z", "551Z", "55.10ZZ", "5510Zé", "hôtel"])
def test_what_is_no_naf_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidCode):
        normalise_naf(text)
