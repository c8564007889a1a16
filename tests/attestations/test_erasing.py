"""Certificates whose time is over go, and whoever holds one can still check that it was issued."""

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from openedx_utop.attendance.corrections.models import Contest
from openedx_utop.attendance.journal.models import JournalChain
from openedx_utop.attendance.models import Presence
from openedx_utop.attestations import api
from openedx_utop.attestations.data import AttestationFacts, CannotAttest
from openedx_utop.attestations.models import Attestation, ErasedAttestation
from openedx_utop.personal_data import held_about
from openedx_utop.training.models import AttendancePolicy, TrainingAction
from tests.attendance.journal.conftest import run
from tests.attestations.factories import AWARDED, CAMILLE, COURSE, correct
from tests.attestations.test_pages import signed_in
from tests.badges.minimal import SEED

# The action ends with 2027: six years, and not a day less than the whole of the last.
IN_TIME = datetime(2033, 12, 31, 12, tzinfo=UTC)
LATE = datetime(2034, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.UTOP_SIGNING_KEY = SEED
    with time_machine.travel(LATE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alone(issued: AttestationFacts, clock: time_machine.Traveller) -> AttestationFacts:
    """A certificate whose learner's records are gone, as after their chain."""
    Presence.objects.all().delete()
    return issued


def erased(*, now: datetime = LATE) -> int:
    done = api.erase_documents_over(now=now, limit=100)
    assert done.altered == ()
    return done.erased


def page(issued: AttestationFacts) -> str:
    answer = Client().get(f"/utop/verify/{issued.uuid}/", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def told(issued: AttestationFacts) -> dict[str, Any]:
    found: dict[str, Any] = Client().get(f"/utop/verify/{issued.uuid}/?format=json").json()
    return found


def test_it_goes_in_the_run_in_which_its_chain_goes(issued: AttestationFacts, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2027, 6, 1, 2, tzinfo=UTC))
    assert run("utop_seal_journal")[0] == 0
    clock.move_to(IN_TIME)
    assert run("utop_erase_journal")[1].endswith("0.\n")
    clock.move_to(LATE)
    assert run("utop_erase_journal")[1].endswith("0.\n")
    clock.shift(timedelta(days=1))
    assert run("utop_seal_journal")[0] == 0
    assert JournalChain.objects.filter(user_id=CAMILLE).exists()
    assert Attestation.objects.exists()
    assert run("utop_erase_journal")[1].endswith("1.\n")
    assert not JournalChain.objects.filter(user_id=CAMILLE).exists()
    assert not Attestation.objects.exists()
    assert told(issued)["status"] == "erased"
    assert run("utop_verify_journal")[0] == 0


def test_whoever_holds_the_file_can_check_it(alone: AttestationFacts) -> None:
    file = api.pdf(alone.uuid)
    assert erased() == 1
    [attached] = PdfReader(io.BytesIO(file)).attachments["attestation.json"]
    shown = page(alone)
    assert hashlib.sha256(attached).hexdigest() in shown
    for text in (alone.number, "Jan. 29, 2027", "Jan. 2, 2034", "6 years at least"):
        assert text in shown
    assert told(alone)["erasure"] == {
        "at": "2034-01-02T12:00:00Z",
        "years": 6,
        "number": alone.number,
        "issued_at": "2027-01-29T17:05:20Z",
        "context_sha256": alone.context_sha256,
        "replaced_by": "",
    }


def test_nothing_tells_any_more_of_whom_it_was(alone: AttestationFacts) -> None:
    shown_before = page(alone)
    assert "Camille" in shown_before
    assert erased() == 1
    assert "Camille" not in page(alone)
    assert not Attestation.objects.exists()
    assert api.attestations_of(CAMILLE) == ()
    assert "Attestations" not in held_about(CAMILLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {ErasedAttestation._meta.db_table}")
        assert "Camille" not in str(cursor.fetchall())


def test_the_address_of_the_file_leads_to_what_is_left(alone: AttestationFacts) -> None:
    erased()
    answer = signed_in(CAMILLE).get(f"/utop/documents/{alone.uuid}.pdf")
    assert (answer.status_code, answer["Location"]) == (302, f"/utop/verify/{alone.uuid}/")


def test_those_that_it_replaces_go_with_it(award: dict[str, Any], clock: time_machine.Traveller) -> None:
    """From the year of the last one on: what corrected the first is kept as long as what it corrected it to."""
    first = api.issue_attestation(**award)
    correct(date(2027, 1, 20), 600)
    second = api.issue_attestation(**award | {"now": AWARDED.replace(year=2029)})
    Presence.objects.all().delete()
    assert erased() == 0
    assert erased(now=LATE.replace(year=2036)) == 2
    assert told(first)["erasure"]["replaced_by"] == second.number
    assert f"replaced by certificate no. {second.number}" in page(first)
    assert told(second)["erasure"]["replaced_by"] == ""
    left = api.erased_of(award["award_uuid"])
    assert left
    assert left.number == second.number


def test_not_before_its_time(alone: AttestationFacts) -> None:
    assert erased(now=IN_TIME) == 0
    assert erased() == 1


def test_ten_years_where_european_funds_paid(alone: AttestationFacts) -> None:
    AttendancePolicy.objects.create(
        action=TrainingAction.objects.get(),
        version=1,
        effective_from=date(2027, 1, 1),
        created_at=AWARDED,
        created_by=3,
        is_eu_funded=True,
    )
    assert erased(now=LATE.replace(year=2037)) == 0
    assert erased(now=LATE.replace(year=2038)) == 1


def test_never_before_what_it_promises_itself(alone: AttestationFacts, settings: Settings) -> None:
    """Three years from the end of the year of the last payment, which may come a year later."""
    settings.UTOP_JOURNAL_YEARS = 1
    assert erased(now=LATE.replace(year=2031)) == 0
    assert erased(now=LATE.replace(year=2032)) == 1


def test_not_while_something_waits_for_somebody(alone: AttestationFacts) -> None:
    contest = {"shown_seconds": 600, "claimed_minutes": 30, "words": "…", "contested_at": AWARDED}
    Contest.objects.create(user_id=CAMILLE, course_key=COURSE, **contest)
    assert erased() == 0


def test_not_while_there_is_time_outside_the_journal(issued: AttestationFacts, clock: time_machine.Traveller) -> None:
    assert Presence.objects.filter(journaled=False).exists()
    assert erased() == 0


def test_one_that_was_altered_stays_as_a_proof(alone: AttestationFacts) -> None:
    Attestation.objects.update(context_sha256="0" * 64)
    assert api.erase_documents_over(now=LATE, limit=100).altered == (alone.number,)
    status, printed = run("utop_erase_journal")
    assert (status, alone.number in printed) == (1, True)
    assert told(alone)["status"] == "altered"


def test_none_is_made_in_its_place(alone: AttestationFacts, award: dict[str, Any]) -> None:
    erased()
    assert api.owed_attestations([(award["award_uuid"], CAMILLE)], now=LATE) == ()
    with pytest.raises(CannotAttest):
        api.issue_attestation(**award)


def test_the_run_can_be_seen_before(alone: AttestationFacts) -> None:
    assert f"{alone.number}, {COURSE}" in run("utop_erase_journal", "--dry-run")[1]
    assert Attestation.objects.exists()
