"""Lists as they come out of spreadsheets and mailboxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.enrolment.data import BadList
from openedx_utop.enrolment.list_file import MOST_LINES, read_list


def told(content: bytes) -> list[tuple[str, ...]]:
    return [(line.email, line.last_name, line.first_name, line.siret, line.sector) for line in read_list(content)]


EXPECTED = [("lea@example.org", "Dupré", "Léa", "90000000100017", "hotel")]


@pytest.mark.parametrize(
    "text",
    [
        "lea@example.org;Dupré;Léa;90000000100017;hotel",
        "lea@example.org,Dupré,Léa,90000000100017,hotel",
        "lea@example.org\tDupré\tLéa\t90000000100017\thotel",
        "email;nom;prenom;siret;secteur;niveau\r\nlea@example.org;Dupré;Léa;90000000100017;hotel;\r\n",
        "Prénom;NOM;Courriel;Métier;Remarque;Siret\nLéa;Dupré;lea@example.org;hotel;rien;90000000100017",
        '\n\n"lea@example.org";"Dupré";"Léa";"90000000100017";"hotel"\n;;;;\n',
        "  lea@example.org ;\u00a0Dupré ; Léa;90000000100017;hotel",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_way_of_writing_it(text: str, encoding: str) -> None:
    assert told(text.encode(encoding)) == EXPECTED


def test_lines_keep_the_numbers_of_the_file() -> None:
    lines = read_list(b"email;nom\n\na@example.org;A\n\nb@example.org;B")
    assert [(line.number, line.email) for line in lines] == [(3, "a@example.org"), (5, "b@example.org")]


def test_a_quotation_mark_left_open_spoils_its_own_line_only() -> None:
    lines = read_list(b'a@example.org;"Du\nb@example.org;B\nc@example.org;C')
    assert [line.email for line in lines] == ["a@example.org", "b@example.org", "c@example.org"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"email;nom\n", b"x" * 1_000_001])
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(BadList, match=r"\."):
        read_list(content)


def test_as_many_lines_as_are_taken_and_no_more() -> None:
    assert len(read_list(b"a@b.fr\n" * MOST_LINES)) == MOST_LINES
    with pytest.raises(BadList):
        read_list(b"a@b.fr\n" * (MOST_LINES + 1))


@given(st.binary(max_size=400))
def test_no_bytes_are_an_accident(content: bytes) -> None:
    try:
        lines = read_list(content)
    except BadList:
        return
    assert all(line.number > 0 and len(line.email) <= 255 for line in lines)
