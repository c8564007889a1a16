"""Lists of participants, as each product exports them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openedx_utop.attendance.live.data import BadList
from openedx_utop.attendance.live.participants import participations

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 3, 2)

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456,Atelier,03/02/2026 08:55:00 AM,03/02/2026 12:05:00 PM,maud@example.org,190,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Camille Exemple,camille@example.org,03/02/2026 09:00:10 AM,03/02/2026 12:00:00 PM,180,No
"""
TEAMS = """1. Résumé
Titre de la réunion\tAtelier
Heure de début\t02/03/2026 08:55:00

2. Participants
Nom\tPremière participation\tDernier départ\tDurée de la réunion\tE-mail\tRôle
Camille Exemple\t02/03/2026 09:00:10\t02/03/2026 12:00:00\t2h 30m\tcamille@example.org\tParticipant

3. Activités dans la réunion
Nom\tHeure de participation\tHeure de départ\tDurée\tE-mail\tRôle
Camille Exemple\t02/03/2026 09:00:10\t02/03/2026 10:00:00\t59m 50s\tcamille@example.org\tParticipant
Camille Exemple\t02/03/2026 10:30:00\t02/03/2026 12:00:00\t1h 30m\tcamille@example.org\tParticipant
"""
BIGBLUEBUTTON = """Name,Moderator,Activity Score,Talk time,Join,Left,Duration
Camille Exemple,FALSE,5,00:01:00,"3/2/2026, 9:00:10 AM","3/2/2026, 12:00:00 PM",02:59:50
"""
SHEET = """Nom;Adresse e-mail;Arrivée;Départ
Camille Exemple;camille@example.org;2026-03-02 09:00:10;2026-03-02T12:00:00
"""


def read(text: str | bytes) -> list[tuple[str, str, str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    found = participations(data, day=DAY, zone=PARIS)
    return [
        (each.name, each.email, *(at(ms) for ms in each.span))
        if each.span
        else (each.name, each.email, "", each.problem)
        for each in found
    ]


def at(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, PARIS):%d/%m %H:%M:%S}"


ONE = ("02/03 09:00:10", "02/03 12:00:00")


@pytest.mark.parametrize("text", [ZOOM, SHEET, SHEET.replace(";", ","), "\ufeff" + SHEET, SHEET.replace("\n", "\r\n")])
def test_zoom_and_a_spreadsheet(text: str) -> None:
    assert read(text) == [("Camille Exemple", "camille@example.org", *ONE)]


def test_a_first_name_in_a_column_of_its_own() -> None:
    text = "Nom;Prénom;Arrivée;Départ\nExemple;Camille;09:00:10;12:00\nSacha;;09:00:10;12:00\n"
    assert read(text) == [("Camille Exemple", "", *ONE), ("Sacha", "", *ONE)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_teams_says_each_coming_and_going_last(encoding: str) -> None:
    data = TEAMS.encode(encoding)
    data = b"\xfe\xff" + data if encoding == "utf-16-be" else data
    assert [line[2:] for line in read(data)] == [
        ("02/03 09:00:10", "02/03 10:00:00"),
        ("02/03 10:30:00", "02/03 12:00:00"),
    ]


def test_bigbluebutton_knows_no_address() -> None:
    assert read(BIGBLUEBUTTON) == [("Camille Exemple", "", *ONE)]


def test_latin_1() -> None:
    assert read(SHEET.replace("Camille", "Zoé").encode("latin-1"))[0][0] == "Zoé Exemple"


@pytest.mark.parametrize(
    ("join", "leave"),
    [
        ("02/03/2026 09:00:10", "02/03/2026 12:00:00"),
        ("02/03/2026 à 9h00", "2/3/26 12:00"),
        ("02.03.2026 09:00", "02-03-2026 12:00"),
        ("3/2/2026 9:00:10 AM", "3/2/26, 12:00 pm"),
        ("09:00", "12:00:00"),
        ("2026-03-02T08:00:10Z", "2026-03-02T12:00:00+01:00"),
        ("2026-03-02 09:00:10.250", "2026-03-02 12:00"),
    ],
)
def test_ways_to_write_an_instant(join: str, leave: str) -> None:
    ((_name, _email, start, end),) = read(f'Name,Join time,Leave time\nCamille,"{join}","{leave}"\n')
    assert (start[:11], end) == (ONE[0][:11], ONE[1])


def test_another_day_is_read_day_first_unless_it_cannot_be() -> None:
    lines = read("Name,Join,Leave\nA,04/05/2026 09:00,04/05/2026 10:00\nB,04/25/2026 09:00,04/25/2026 10:00\n")
    assert [line[2][:5] for line in lines] == ["04/05", "25/04"]


@pytest.mark.parametrize("duration", ["45", "45 min", "00:45:00", "0h 45m 0s", "45:00", "45,0"])
def test_a_duration_in_place_of_a_departure(duration: str) -> None:
    ((_name, _email, start, end),) = read(f'Nom;Arrivée;Durée\nCamille;09:00;"{duration}"\n')
    assert (start, end) == ("02/03 09:00:00", "02/03 09:45:00")


@pytest.mark.parametrize(
    "line",
    ["Camille;;12:00", "Camille;soon;12:00", "Camille;25:00;26:00", "Camille;09:00;", "Camille;12:00;09:00",
     "Camille;31/02/2026 09:00;10:00", ";09:00;12:00", "Camille;09:00", "=cmd|'/c calc'!A1;=1+1;12:00",
     "Camille;0000-01-01 09:00;12:00", "Camille;2026-03-02T9:0Z;12:00"],
)  # fmt: skip
def test_a_line_that_cannot_be_read_says_why_and_spares_the_others(line: str) -> None:
    *_before, bad, good = read(f"Nom;Arrivée;Départ\nA;09:00;10:00\n{line}\nB;09:00;10:00\n")
    assert good[0] == "B"
    assert bad[2] == ""
    assert bad[3]


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"\x00" * 500, b"PK\x03\x04" + bytes(range(256)) * 40, b"a;b\n1;2\n", b"Nom;Email\nA;b@c.d\n",
     b"x" * 1_000_001, b"Nom;Join;Leave\n" + b"A;1:00;2:00\n" * 10_000, b'Nom;Join;Leave\n"' + b"a" * 200_000],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadList, match=r"\w+ \w+"):
        participations(data, day=DAY, zone=PARIS)


@given(st.binary(max_size=300))
@example(b"Nom;Join\n\x00;\n")
def test_no_bytes_break_the_reading(noise: bytes) -> None:
    for data in (noise, b"Nom;Email;Join;Leave;Duration\n" + noise):
        try:
            found = participations(data, day=DAY, zone=PARIS)
        except BadList:
            continue
        assert all((each.span is None) == bool(each.problem) for each in found)
        assert all(each.span is None or each.span[0] <= each.span[1] for each in found)


@given(
    st.integers(0, 23), st.integers(0, 59), st.integers(0, 600), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y"])
)
def test_what_is_written_is_read(hour: int, minute: int, minutes: int, form: str) -> None:
    start = datetime(2026, 3, 2, hour, minute, tzinfo=PARIS)
    end = start + timedelta(minutes=minutes)
    written = ";".join(f"{each:{form} %H:%M}" for each in (start, end) if each.date() == DAY)
    if ";" not in written:
        return
    ((*_who, first, last),) = read(f"Nom;Join;Leave\nA;{written}\n")
    assert (first, last) == (f"{start:%d/%m %H:%M:%S}", f"{end:%d/%m %H:%M:%S}")
