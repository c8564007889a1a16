"""What is refused, how it says so, and that nothing is written then."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from openedx_utop.attendance import api
from openedx_utop.attendance.models import LearnerClock, Presence
from openedx_utop.events.signals import presence_credited
from tests.attendance.conftest import LEARNER, MONDAY, Desk, course_key, every_way
from tests.attendance.simulator import Script, Stay, every

pytestmark = every_way


def beat(desk: Desk, **fields: Any) -> dict[str, Any]:
    return {"lease": desk.lease(), "client": "tab-00001", "seq": 1, "quiet": 0, "appeared": True} | fields


def problem(answer: Any) -> str:
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return body["type"].rpartition(":")[2]


@pytest.mark.parametrize(
    "fields",
    [
        {"lease": 5},
        {"lease": None},
        {"client": "x"},
        {"client": "a" * 37},
        {"client": "tab 00001"},
        {"client": None},
        {"seq": None},
        {"seq": -1},
        {"seq": "1"},
        {"seq": True},
        {"seq": 10**400},
        {"quiet": -5},
        {"quiet": float("nan")},
        {"quiet": float("inf")},
        {"quiet": []},
        {"input": -1},
        {"input": "long ago"},
        {"missed": 3},
        {"missed": {}},
        {"missed": [3]},
        {"missed": [[1, 2, 3, 4]]},
        {"missed": [[1, -2, 3, 4, False]]},
        {"missed": [[1, 2, "3", 4, False]]},
        {"missed": [[1, 2, 3, 4, False]] * 41},
        {"elapsed": -1},
        {"elapsed": "soon"},
        {"media": 3},
        {"media": {"position": 1}},
        {"media": {"position": 1, "rate": 0, "playing": True}},
        {"media": {"position": 1, "rate": 100, "playing": True}},
        {"media": {"position": -1, "rate": 1, "playing": True}},
    ],
)
def test_a_wrong_field_is_a_malformed_beat(desk: Desk, fields: dict[str, Any]) -> None:
    answer = desk.post(beat(desk, **fields))
    assert (answer.status_code, problem(answer)) == (400, "malformed-beat")
    assert not LearnerClock.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "beat", "[]", "null", '"text"', "{", "[" * 4000, b"\xff\xfe", '{"seq": NaN}', '{"seq": 1e999}']
)
def test_a_wrong_body_is_a_malformed_beat(desk: Desk, body: str | bytes) -> None:
    answer = desk.post(body)
    assert (answer.status_code, problem(answer)) == (400, "malformed-beat")


@pytest.mark.parametrize("tampering", ["", "x", "é", "\ud800", "a:b:c", "{lease}x", "x{lease}", ".{lease}"])
def test_a_lease_that_was_not_signed_here(desk: Desk, tampering: str) -> None:
    answer = desk.post(beat(desk, lease=tampering.replace("{lease}", desk.lease())))
    assert (answer.status_code, problem(answer)) == (403, "bad-lease")
    assert not LearnerClock.objects.exists()


def test_a_lease_signed_for_another_purpose(desk: Desk) -> None:
    from django.core import signing

    answer = desk.post(beat(desk, lease=signing.dumps([LEARNER, "course", "module", "unit", 0])))
    assert (answer.status_code, problem(answer)) == (403, "bad-lease")


def test_an_expired_lease(desk: Desk) -> None:
    old = beat(desk)
    desk.at(600)
    assert desk.post(old).status_code == 200
    desk.at(601)
    answer = desk.post({**old, "seq": 2})
    assert (answer.status_code, problem(answer)) == (403, "expired-lease")


def test_a_body_over_four_kilobytes(desk: Desk) -> None:
    answer = desk.post(json.dumps(beat(desk)) + " " * 4096)
    assert (answer.status_code, problem(answer)) == (413, "body-too-large")
    assert not LearnerClock.objects.exists()


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PUT", "DELETE"])
def test_only_post(desk: Desk, method: str) -> None:
    answer = desk.send(method)
    assert (answer.status_code, problem(answer), answer["Allow"]) == (405, "method-not-allowed", "POST")


def test_the_same_without_a_body(desk: Desk) -> None:
    answer = desk.send("HEAD")
    assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST", b"")


@pytest.mark.parametrize("language", ["fr", "en", "xx"])
def test_what_is_said_is_in_the_platforms_language(desk: Desk, language: str) -> None:
    """Whatever the visitor's: the first position does not know it, and ways do not differ."""
    answer = desk.send("POST", b"", HTTP_ACCEPT_LANGUAGE=language)
    with translation.override(settings.LANGUAGE_CODE):
        expected = gettext("This is not a sign of life ({what}).").format(what="not JSON")
    assert answer.json()["detail"] == expected


def test_every_answer_says_how_long_it_is_and_is_kept_by_nobody(desk: Desk) -> None:
    for answer in (desk.post(beat(desk)), desk.post("")):
        assert (answer["Content-Length"], answer["Cache-Control"]) == (str(len(answer.content)), "no-store")


class Guarded(BytesIO):
    """A body that counts how much of it was read, or breaks off."""

    taken = 0
    breaks_off = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.breaks_off:
            raise ConnectionResetError
        part = super().read(size)
        self.taken += len(part)
        return part


def test_a_megabyte_is_refused_unread(desk: Desk) -> None:
    stream = Guarded(b"x" * 1_000_000)
    answer = desk.send("POST", b"x", **{"wsgi.input": stream, "CONTENT_LENGTH": "1000000"})
    assert (answer.status_code, problem(answer), stream.taken) == (413, "body-too-large", 0)


def test_a_body_in_pieces(desk: Desk) -> None:
    answer = desk.send("POST", b"{}", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert (answer.status_code, problem(answer)) == (411, "length-required")


@pytest.mark.parametrize("declared", ["4097", "9" * 5000])
def test_a_length_above_any_beats(desk: Desk, declared: str) -> None:
    answer = desk.send("POST", b"{}", CONTENT_LENGTH=declared)
    assert (answer.status_code, problem(answer)) == (413, "body-too-large")


@pytest.mark.parametrize("declared", ["", "0"])
def test_a_length_that_is_none(desk: Desk, declared: str) -> None:
    answer = desk.send("POST", b"{}", CONTENT_LENGTH=declared)
    assert (answer.status_code, problem(answer)) == (400, "malformed-beat")


def test_a_body_that_breaks_off(desk: Desk) -> None:
    stream = Guarded()
    stream.breaks_off = True
    answer = desk.send("POST", b"x", **{"wsgi.input": stream})
    assert (answer.status_code, problem(answer)) == (400, "malformed-beat")


def test_a_flood_is_slowed_down_and_loses_nothing(desk: Desk) -> None:
    """A burst passes, then one beat per five seconds; the time is credited all the same."""
    answers = []
    for rank in range(240):
        desk.at(rank / 4)
        answers.append(desk.post(beat(desk, seq=rank, appeared=rank == 0)))
    accepted = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(accepted) + len(refused) == 240
    assert 20 <= len(accepted) <= 23
    assert {problem(answer) for answer in refused} == {"too-many-beats"}
    assert {int(answer["Retry-After"]) for answer in refused} <= set(range(1, 6))
    assert 55 <= desk.total() <= 60


def test_what_is_refused_writes_nothing_and_waits_for_nobody(desk: Desk, django_assert_max_num_queries: Any) -> None:
    """Beyond the rate a beat costs one read at most, so that a flood slows nobody else."""
    for seq in range(11):
        desk.post(beat(desk, seq=seq))
    desk.settle = lambda: None
    with django_assert_max_num_queries(1) as queries:
        answer = desk.post(beat(desk, seq=11))
    assert answer.status_code == 429
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_a_flood_of_new_tabs_is_refused(desk: Desk) -> None:
    codes = [desk.post(beat(desk, client=f"tab-{rank:05d}")).status_code for rank in range(20)]
    assert codes == [200] * 16 + [429] * 4
    assert len(LearnerClock.objects.get().clients) == 16


def test_tabs_silent_for_longer_than_a_lease_lives_are_forgotten(desk: Desk) -> None:
    for rank in range(3):
        desk.post(beat(desk, client=f"tab-{rank:05d}"))
    desk.at(691)
    desk.post(beat(desk, client="tab-00002", seq=2))
    assert set(LearnerClock.objects.get().clients) == {"tab-00002"}


def test_another_learners_lease_credits_that_learner_only(desk: Desk) -> None:
    desk.post(beat(desk, lease=desk.lease(user_id=8)))
    desk.at(30)
    desk.post(beat(desk, lease=desk.lease(user_id=8), seq=2, appeared=False))
    assert (desk.total(), api.total_seconds(8, course_key())) == (0, 30)


def test_no_session_and_at_most_five_queries(desk: Desk, django_assert_max_num_queries: Any) -> None:
    desk.play(Script((Stay(0, 60),), every(10, (0, 60))))
    desk.at(90)
    following = beat(desk, seq=90, appeared=False)
    desk.settle = lambda: None  # A drainer's queries are not the beat's.
    with django_assert_max_num_queries(5) as queries:
        answer = desk.post(following)
    assert answer.status_code == 200
    assert not answer.cookies
    assert not [query for query in queries.captured_queries if "session" in query["sql"]]


def test_a_credit_is_announced(desk: Desk) -> None:
    heard: list[tuple[Any, Any]] = []

    def hear(course_key: Any, user_ids: Any, **kwargs: Any) -> None:
        heard.append((user_ids, course_key))
        raise RuntimeError("a receiver that fails takes nothing from the learner")

    presence_credited.connect(hear)
    try:
        desk.play(Script((Stay(0, 30),), every(10, (0, 30))))
    finally:
        presence_credited.disconnect(hear)
    assert heard == [((LEARNER,), course_key())]
    assert desk.total() == 30


def test_forgetting_a_learner_keeps_the_evidence_and_drops_the_running_state(desk: Desk) -> None:
    desk.play(Script((Stay(0, 60),), every(10, (0, 60))))
    api.forget_learner(LEARNER)
    assert not LearnerClock.objects.exists()
    assert Presence.objects.count() == 1
    desk.at(70)
    desk.post(beat(desk, seq=99, appeared=False, quiet=70_000))
    assert desk.total() == 60


def test_figures_of_a_course(desk: Desk) -> None:
    """Two visits 30 min and 1 s apart are two connections; a week ends on Sunday at midnight in Paris."""
    desk.origin = MONDAY + timedelta(days=6, hours=13, minutes=55)  # Sunday 22:55 UTC, five minutes before
    desk.play(Script((Stay(0, 600),), every(10, (0, 600))))
    desk.at(3000)
    desk.play(Script((Stay(2402, 2500),), every(10, (2402, 2500)), client="tab-00002"))
    time = api.course_time(LEARNER, course_key())
    assert [(monday.isoformat(), seconds) for monday, seconds in time.by_week] == [
        ("2026-03-02", 300),
        ("2026-03-09", 398),
    ]
    assert (time.total_seconds, sum(time.by_module.values()), time.connections) == (698, 698, 2)
    assert (time.first, time.last) == (desk.origin, desk.origin + timedelta(seconds=2500))
    assert timezone.is_aware(time.first)


def test_no_time_at_all(desk: Desk) -> None:
    time = api.course_time(LEARNER, course_key())
    assert (time.total_seconds, time.by_module, time.by_week, time.connections) == (0, {}, (), 0)
    assert (time.first, time.last) == (None, None)
