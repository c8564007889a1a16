"""Rules from a file: all of them, or none and every reason."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from openedx_utop.sectors.api import ImportReport, Table, decoded_lines, define_sector, import_rules
from openedx_utop.sectors.models import Sector
from openedx_utop.sectors.rulebook import files
from openedx_utop.sectors.rulebook.models import AgreementOpco, RuleImport, SectorRule

pytestmark = pytest.mark.django_db

TODAY = date(2027, 1, 4)
SEED = Path(__file__).parents[3] / "demo" / "seed" / "sector_rules.csv"


@pytest.fixture(autouse=True)
def tree() -> None:
    for slug in ("sante", "ess", "hotel", "banque", "alimentaire"):
        define_sector(slug, name=slug.title())


def stored() -> list[tuple[str, str, str, date, date | None, str]]:
    rows = SectorRule.objects.order_by("kind", "code", "sector__slug", "valid_from")
    return [(row.kind, row.code, row.sector.slug, row.valid_from, row.valid_to, row.source) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_of_any_spreadsheet_is_read(encoding: str, delimiter: str, newline: str) -> None:
    lines = [
        "kind;code;sector;valid_from;valid_to;source",
        "",
        "idcc;413;sante;2020-01-01;2029-12-31;Journal « officiel » et été",
        " NAF ; 5510z ; hotel ;2020-01-01;;",
        "# remarque",
    ]
    content = newline.join(lines).replace(";", delimiter).encode(encoding)
    assert import_rules(decoded_lines(content), today=TODAY) == ImportReport(2, 0, 0, ())
    source = "Journal « officiel » et été"
    assert stored() == [
        ("idcc", "0413", "sante", date(2020, 1, 1), date(2029, 12, 31), source),
        ("naf", "55.10Z", "hotel", date(2020, 1, 1), None, ""),
    ]


def test_a_quoted_text_may_hold_the_separator() -> None:
    import_rules(['idcc,1979,hotel,2020-01-01,,"Arrêté du 3 décembre, art. 2"'], today=TODAY)
    assert stored()[0][5] == "Arrêté du 3 décembre, art. 2"


def test_a_rule_without_dates_starts_today() -> None:
    import_rules(["idcc;1979;hotel"], today=TODAY)
    assert stored() == [("idcc", "1979", "hotel", TODAY, None, "")]


def test_importing_again_changes_nothing_and_a_last_day_closes_a_rule() -> None:
    open_rule, closed_rule = "idcc;1979;hotel;2020-01-01", "idcc;1979;hotel;2020-01-01;2026-12-31"
    assert import_rules([open_rule, open_rule], today=TODAY) == ImportReport(1, 0, 1, ())
    assert import_rules([open_rule], today=TODAY) == ImportReport(0, 0, 1, ())
    assert import_rules([closed_rule], today=TODAY) == ImportReport(0, 1, 0, ())
    assert [row[4] for row in stored()] == [date(2026, 12, 31)]


@pytest.mark.parametrize(
    "line",
    [
        "opco;1979;hotel",
        "siret;1979;hotel",
        "idcc;1979;inconnu",
        "idcc;;hotel",
        "idcc;HCR;hotel",
        "naf;5;hotel",
        "idcc;1979;hotel;01/01/2020",
        "idcc;1979;hotel;2020-13-01",
        "idcc;1979;hotel;2020-01-02;2020-01-01",
        "idcc;1979;hotel;2020-01-01;;source;de trop",
        "idcc;1979;hotel;2020-01-01;;" + "x" * 256,
        "idcc;1979;hotel;2020-01-01;;" + "x" * 200_000,
        "idcc",
        "\x00;\x00;\x00",
        'idcc;"1979;hotel;2020-01-01',
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_imported(line: str) -> None:
    report = import_rules(["kind;code;sector", "idcc;1501;hotel;2020-01-01", line], today=TODAY)
    assert [error.line for error in report.errors] == [3]
    assert all(error.message for error in report.errors)
    assert stored() == []


def test_every_error_is_listed() -> None:
    report = import_rules(["opco;1;hotel", "idcc;1979;hotel", "naf;x;hotel", "idcc;1;inconnu"], today=TODAY)
    assert [error.line for error in report.errors] == [1, 3, 4]


def test_two_lines_that_contradict_each_other_are_refused() -> None:
    lines = ["idcc;1979;hotel;2020-01-01", "idcc;1979;hotel;2020-01-01;2026-12-31"]
    assert [(error.line, "1" in error.message) for error in import_rules(lines, today=TODAY).errors] == [(2, True)]


def test_two_periods_of_a_rule_do_not_meet() -> None:
    import_rules(["idcc;1979;hotel;2020-01-01"], today=TODAY)
    again = import_rules(["idcc;1501;hotel", "idcc;1979;hotel;2026-01-01"], today=TODAY)
    assert [(error.line, "2020-01-01" in error.message) for error in again.errors] == [(2, True)]
    both = ["idcc;1979;hotel;2026-01-01", "idcc;1979;hotel;2020-01-01;2025-12-31"]
    assert import_rules(both, today=TODAY) == ImportReport(1, 1, 0, ())


def test_an_agreement_may_lead_to_two_trades() -> None:
    assert import_rules(["idcc;1979;hotel;2020-01-01", "idcc;1979;sante;2020-01-01"], today=TODAY).errors == ()


def test_a_rule_without_dates_is_the_one_that_holds() -> None:
    import_rules(["idcc;1979;hotel;2020-01-01"], today=TODAY)
    assert import_rules(["idcc;1979;hotel"], today=TODAY) == ImportReport(0, 0, 1, ())


def opcos() -> list[tuple[str, str, date, date | None]]:
    return list(
        AgreementOpco.objects.order_by("idcc", "valid_from").values_list("idcc", "opco", "valid_from", "valid_to")
    )


def test_the_opco_of_agreements_are_read_whatever_they_are_called() -> None:
    lines = ["idcc;opco;valid_from;valid_to;source", "1979;AKTO;2019-07-19", "413;OPCO SANTE;2019-07-19", "44;opco2i"]
    assert import_rules(lines, table=Table.OPCOS, today=TODAY) == ImportReport(3, 0, 0, ())
    first = date(2019, 7, 19)
    assert opcos() == [("0044", "2i", TODAY, None), ("0413", "sante", first, None), ("1979", "akto", first, None)]


@pytest.mark.parametrize(
    "line", ["1979;Opcalia", "1979;", "1979;N/C", ";AKTO", "HCR;AKTO", "1979;AKTO;;;;x", "naf;55;hotel"]
)
def test_a_wrong_opco_is_named(line: str) -> None:
    report = import_rules(["1501;AKTO", line], table=Table.OPCOS, today=TODAY)
    assert [error.line for error in report.errors] == [2]
    assert opcos() == []


def test_an_agreement_has_one_opco_at_a_time() -> None:
    import_rules(["1979;AKTO;2019-07-19"], table=Table.OPCOS, today=TODAY)
    moved = ["1979;ATLAS;2027-01-01"]
    assert [error.line for error in import_rules(moved, table=Table.OPCOS, today=TODAY).errors] == [1]
    closed = ["1979;AKTO;2019-07-19;2026-12-31", *moved]
    assert import_rules(closed, table=Table.OPCOS, today=TODAY) == ImportReport(1, 1, 0, ())
    assert [(opco, end) for _idcc, opco, _start, end in opcos()] == [("akto", date(2026, 12, 31)), ("atlas", None)]


def test_every_import_is_kept_with_its_edition_and_one_that_changes_nothing_is_not() -> None:
    for _ in range(2):
        import_rules(["idcc;1979;hotel;2020-01-01"], today=TODAY)
    import_rules(["idcc;1;inconnu"], today=TODAY)
    import_rules(["1979;AKTO"], table=Table.OPCOS, today=TODAY)
    kept = RuleImport.objects.order_by("edition").values_list("edition", "table", "created", "updated")
    assert list(kept) == [(1, "sectors", 1, 0), (2, "opcos", 1, 0)]


def test_a_sector_renamed_keeps_its_rules_and_an_old_slug_is_told() -> None:
    import_rules(["idcc;1979;hotel;2020-01-01"], today=TODAY)
    Sector.objects.filter(slug="hotel").update(slug="hotellerie")
    report = import_rules(["idcc;1979;hotel;2020-01-01"], today=TODAY)
    assert [("hotel" in error.message) for error in report.errors] == [True]
    assert [row[2] for row in stored()] == ["hotellerie"]


def test_the_shipped_table_is_valid_and_imported_by_name() -> None:
    call_command("utop_import_idcc", "--opco", stdout=StringIO())
    assert AgreementOpco.objects.filter(idcc="1596", opco="constructys", valid_from=date(2019, 7, 19)).exists()
    assert AgreementOpco.objects.count() == 25
    with pytest.raises(CommandError):
        call_command("utop_import_idcc")


def test_an_empty_file_imports_nothing() -> None:
    assert import_rules(decoded_lines(b""), today=TODAY) == ImportReport(0, 0, 0, ())


def test_the_demo_rules_are_valid() -> None:
    report = import_rules(decoded_lines(SEED.read_bytes()), today=TODAY)
    assert (report.created, report.errors) == (30, ())


def test_the_command_imports_and_says_how_many(tmp_path: Path) -> None:
    out = StringIO()
    call_command("utop_import_idcc", str(SEED), stdout=out)
    assert "30" in out.getvalue()
    assert SectorRule.objects.count() == 30


def test_the_command_only_looks_when_asked(tmp_path: Path) -> None:
    out = StringIO()
    call_command("utop_import_idcc", str(SEED), "--dry-run", stdout=out)
    assert "30" in out.getvalue()
    assert stored() == []


def test_the_command_lists_errors_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text("idcc;1979;hotel\nopco;1;hotel\nidcc;1;inconnu\n", encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="2"):
        call_command("utop_import_idcc", str(file), stderr=errors)
    assert len(errors.getvalue().splitlines()) == 2
    assert stored() == []


def test_the_command_says_that_it_cannot_read_the_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("utop_import_idcc", str(tmp_path / "nowhere.csv"))
    with pytest.raises(CommandError):
        call_command("utop_import_idcc", str(tmp_path))


MANY = [
    "kind;code;sector;valid_from;valid_to",
    *(f"idcc;{code};{sector};2020-01-01;" for code in range(1, 20) for sector in ("sante", "hotel")),
]
WRONG = [
    "idcc;5;sante;2021-01-01",
    "idcc;7;hotel;2020-01-01;2022-12-31",
    "naf;55;nulle-part",
    "idcc;0019;sante;2019-05-01",
]


@pytest.mark.parametrize("portion", [1, 3, 1000])
def test_a_long_file_is_read_in_portions_and_all_of_it_or_nothing_is_imported(
    portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LINES_AT_ONCE", portion)
    report = import_rules([*MANY, *WRONG], today=TODAY)
    assert [error.line for error in report.errors] == [38, 40, 41, 42]
    assert (report.created, stored(), RuleImport.objects.count()) == (0, [], 0)
    assert import_rules(MANY, today=TODAY) == ImportReport(38, 0, 0, ())
    closing = "idcc;7;hotel;2020-01-01;2026-12-31"
    assert import_rules([*MANY[:14], closing, *MANY[15:], "idcc;21;sante"], today=TODAY) == ImportReport(1, 1, 37, ())
    assert len(stored()) == 39
    assert import_rules(["1979;AKTO;2020-01-01", "5;AFDAS;2020-01-01"], table=Table.OPCOS, today=TODAY).created == 2
