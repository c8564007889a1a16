"""Signatures, corrections, policies and addresses enter the journal beside the presences."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.attendance.assistance.models import AssistanceContact
from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from openedx_utop.attendance.journal import rules
from openedx_utop.attendance.journal.check_journal import canonical, check_export, listed
from openedx_utop.attendance.journal.models import NO_LEARNER, JournalRow
from openedx_utop.attendance.live.models import (
    LiveSession,
    LiveSessionChange,
    LiveSignature,
    LiveSlot,
    TrainerSignature,
)
from openedx_utop.attendance.summary import milliseconds
from openedx_utop.training.models import AttendancePolicy
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.journal.conftest import present, run
from tests.badges.factories import training_action

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
HOUR = 3_600_000


def signed(slot: LiveSlot, rank: int, *intervals: tuple[int, int], words: str = "") -> LiveSignature:
    return LiveSignature.objects.create(
        slot=slot,
        user_id=LEARNER,
        rank=rank,
        method="trainer",
        intervals=[list(interval) for interval in intervals],
        reason=words,
        signed_by=3,
        signed_at=AT,
    )


def half_day() -> LiveSlot:
    session = LiveSession.objects.create(
        course_key=course_key(), title="Après-midi", modality="onsite_group", created_by=3, created_at=AT
    )
    return LiveSlot.objects.create(session=session, start=AT, end=AT.replace(hour=18))


def corrected(seconds: int, *, rank: int, pending: bool = False) -> Correction:
    return Correction.objects.create(
        user_id=LEARNER,
        rank=rank,
        course_key=course_key(),
        day=date(2026, 3, 2),
        seconds=seconds,
        reason_code="incident",
        text="Madame Exemple l’a vu",
        author_id=3,
        author_role="staff",
        recorded_at=AT,
        needs_second_person=pending,
        after_issue=False,
    )


def decided(correction: Correction, *, is_accepted: bool) -> None:
    CorrectionDecision.objects.create(correction=correction, is_accepted=is_accepted, decided_by=4, decided_at=AT)


def contested() -> None:
    contest = Contest.objects.create(
        user_id=LEARNER,
        course_key=course_key(),
        shown_seconds=600,
        claimed_minutes=30,
        words="Monsieur Exemple m’a vu",
        contested_at=AT,
    )
    ContestAnswer.objects.create(contest=contest, words="Monsieur Exemple confirme", answered_by=3, answered_at=AT)
    AssistanceContact.objects.create(
        user_id=LEARNER,
        course_key=course_key(),
        author_id=3,
        channel="phone",
        direction="from_team",
        at=AT,
        subject="Monsieur Exemple",
        recorded_at=AT,
    )


@pytest.fixture
def facts(db: None, key: str, wednesday: object, host: object) -> None:
    """A learner of whom there is one fact of each kind at least, sealed."""
    present(0)
    slot = half_day()
    TrainerSignature.objects.create(slot=slot, user_id=3, signed_at=AT)
    policy = {"effective_from": date(2026, 3, 1), "created_at": AT, "created_by": 3}
    AttendancePolicy.objects.create(action=training_action(), version=1, **policy)
    signed(slot, 1, (0, 3 * HOUR))
    signed(slot, 2, (0, HOUR), (2 * HOUR, 3 * HOUR), words="Parti une heure")
    corrected(600, rank=1)
    corrected(-300, rank=2)
    decided(corrected(9000, rank=3, pending=True), is_accepted=False)
    decided(corrected(4000, rank=4, pending=True), is_accepted=True)
    corrected(7000, rank=5, pending=True)
    contested()
    LiveSession.objects.create(
        course_key=course_key(),
        title="Annulée",
        created_by=3,
        created_at=AT,
        cancelled_at=AT,
        cancelled_by=3,
        cancellation_reason="Monsieur Exemple est malade",
    )
    LiveSessionChange.objects.create(
        session=slot.session,
        changes={"trainer": [3, None], "link": ["", "https://visio.example.org/secret"]},
        changed_by=3,
        changed_at=AT,
    )
    ConnectionAddress.objects.create(user_id=LEARNER, course_key=course_key(), seen_at=AT, ciphertext="gAAAA")
    assert run("utop_seal_journal")[0] == 0


def contents() -> list[dict[str, Any]]:
    return [json.loads(bytes(row.content)) for row in JournalRow.objects.order_by("pk")]


@pytest.mark.usefixtures("facts")
def test_each_fact_is_a_row_and_enters_once() -> None:
    kinds = [row["kind"] for row in contents() if row["kind"] != "place"]
    assert kinds == ["policy", "trainer"] + ["signature"] * 2 + ["correction"] * 5 + ["decision"] * 2 + [
        "contest",
        "answer",
        "contact",
        "changed",
        "cancelled",
        "address",
        "presence",
    ]
    assert run("utop_seal_journal")[0] == 0
    assert len(contents()) == len(kinds) + 1


@pytest.mark.usefixtures("facts")
def test_totals_are_rebuilt_from_what_stands_and_what_counts(tmp_path: Any) -> None:
    assert run("utop_verify_journal", "--export", str(tmp_path))[0] == 0
    checker, _seals, defects = check_export(tmp_path)
    assert defects == []
    totals = {kind: length for (_course, _learner, kind, _module), length in checker.milliseconds.items()}
    assert totals == {"presence": 600_000, "signature": 2 * HOUR, "correction": (600 - 300 + 4000) * 1000}


@pytest.mark.usefixtures("facts")
def test_words_that_may_name_somebody_stay_out() -> None:
    assert all(row["encrypted"] != "gAAAA" for row in contents() if row["kind"] == "address")
    everything = json.dumps(contents(), ensure_ascii=False)
    assert "Exemple" not in everything
    assert "Parti" not in everything
    assert {len(row["words"]) for row in contents() if row["kind"] == "correction"} == {64}


@pytest.mark.usefixtures("facts")
def test_a_live_record_that_changed_is_found() -> None:
    ConnectionAddress.objects.update(ciphertext="gAAAB")
    status, told = run("utop_verify_journal")
    assert status == 1
    assert "address" in told
    assert "diffère" in told
    ConnectionAddress.objects.all().delete()
    assert run("utop_verify_journal")[0] == 0


@pytest.mark.usefixtures("facts")
def test_a_contest_says_what_was_seen_and_claimed_and_its_answer_which_contest() -> None:
    contest, answer = (next(row for row in contents() if row["kind"] == kind) for kind in ("contest", "answer"))
    assert (contest["seen"], contest["claimed"]) == (600, 1800)
    assert answer["contest"] == contest["fact"]
    LiveSession.objects.filter(cancelled_at__isnull=False).update(cancelled_by=4)
    assert "cancelled" in run("utop_verify_journal")[1]


@pytest.mark.usefixtures("facts")
def test_a_change_says_who_what_and_when_and_opens_no_door() -> None:
    (change,) = (row for row in contents() if row["kind"] == "changed")
    link = sha256(b"https://visio.example.org/secret").hexdigest()
    session = LiveSessionChange.objects.get().session
    assert (change["by"], change["at"], change["session"]) == (3, milliseconds(AT), str(session.uuid))
    assert change["changes"] == {"trainer": [3, None], "link": ["", link]}
    assert JournalRow.objects.get(kind="changed").chain.user_id == NO_LEARNER
    with connection.cursor() as cursor:
        cursor.execute("UPDATE openedx_utop_livesessionchange SET changed_by = 4")
    assert "changed" in run("utop_verify_journal")[1]


@pytest.mark.usefixtures("facts")
def test_a_policy_that_was_changed_or_removed_is_found() -> None:
    AttendancePolicy.objects.update(day_limit_minutes=1)
    assert "policy" in run("utop_verify_journal")[1]
    AttendancePolicy.objects.all().delete()
    assert "n’est plus" in run("utop_verify_journal")[1]


instants = st.integers(0, 2**43)
presences = st.lists(
    st.tuples(instants, instants, instants, instants, st.text(max_size=2), st.sampled_from(["live", "offline"])),
    min_size=1,
    max_size=6,
)


@given(presences, st.integers(0, 10**6), st.integers(1, 10**5))
def test_the_text_of_presences_is_the_canonical_one(told: list[rules.Presence], place: int, seal: int) -> None:
    content, head = rules.append_presences(rules.Head(place, bytes(32)), told, seal=seal)
    assert content == canonical(json.loads(content))
    assert listed(json.loads(content)) == told
    assert head.rows == place + 1


@given(instants, instants)
def test_what_enters_is_over_by_the_end_of_the_day_and_for_long_enough(day_end: int, now: int) -> None:
    until = rules.closed_until(day_end, now)
    assert until <= day_end
    # No silence that the method admits lasts longer: 600 s, four times over.
    assert now - until > 4 * 600_000
