"""The table of exact seconds: each line is played against the endpoint, the server's clock in the test's hands."""

from datetime import datetime

import pytest

from openedx_utop.attendance import api
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, Desk, course_key, every_way
from tests.attendance.simulator import Script, Stay, every

TABLE = {
    "visible throughout": (600, Script((Stay(0, 600),), every(10, (0, 600)))),
    "silence, back within the idle time": (300, Script((Stay(0, 300),), every(10, (0, 100), (260, 300)))),
    "silence, back after the idle time": (215, Script((Stay(0, 400),), every(10, (0, 100), (300, 400)))),
    "tab left open for an hour": (115, Script((Stay(0, 3700),), every(10, (0, 100)))),
    "left, then closed": (115, Script((Stay(0, 160),), every(10, (0, 100)))),
    "closed, last message lost": (600, Script((Stay(0, 615),), every(10, (0, 615)), lost={615})),
    "two beats lost": (600, Script((Stay(0, 600),), every(10, (0, 600)), lost={120, 150})),
    "three beats lost": (480, Script((Stay(0, 600),), every(10, (0, 600)), lost={120, 150, 180})),
    "video without input": (615, Script((Stay(0, 700),), {0}, video=range(601))),
    "video whose position is frozen": (15, Script((Stay(0, 700),), {0}, video=range(601), video_is_frozen=True)),
    "video for longer than anybody watches without a gesture": (1245, Script((Stay(0, 1600),), {0}, video=range(1501))),
    "video, the question answered": (1515, Script((Stay(0, 1600),), {0, 1210}, video=range(1501))),
    "video, back within the idle time after it stopped counting": (
        1415,
        Script((Stay(0, 1600),), {0, 1400}, video=range(1401)),
    ),
    "hidden for a while": (200, Script((Stay(0, 100), Stay(200, 300)), every(10, (0, 100), (200, 300)))),
    "hidden, both messages lost": (
        210,
        Script((Stay(0, 100), Stay(150, 300)), every(10, (0, 100), (150, 300)), lost={100, 150}),
    ),
    "hidden for long, the first signal later": (
        198,
        Script((Stay(0, 100), Stay(400, 500)), every(10, (0, 100)) | every(10, (402, 500))),
    ),
    "change of unit": (
        300,
        Script(
            (Stay(0, 120), Stay(123, 300, unit="second", new_document=True)),
            every(10, (0, 120)) | every(10, (123, 300)),
        ),
    ),
    "change of unit, both messages lost": (
        300,
        Script(
            (Stay(0, 120), Stay(123, 300, unit="second", new_document=True)),
            every(10, (0, 120)) | every(10, (123, 300)),
            lost={120, 123},
        ),
    ),
    "closed for a minute, both messages lost": (
        177,
        Script(
            (Stay(0, 120), Stay(183, 300, unit="second", new_document=True)),
            every(10, (0, 120)) | every(10, (183, 300)),
            lost={120, 183},
        ),
    ),
}


@every_way
@pytest.mark.parametrize("line", TABLE)
def test_one_tab(desk: Desk, line: str) -> None:
    expected, script = TABLE[line]
    desk.play(script)
    assert desk.total() == expected


@pytest.mark.parametrize("line", TABLE)
def test_every_beat_replayed_changes_nothing(desk: Desk, line: str) -> None:
    expected, script = TABLE[line]
    desk.play(script, times=2)
    assert desk.total() == expected


def test_two_devices_at_once(desk: Desk) -> None:
    desk.play(
        Script((Stay(0, 600),), every(10, (0, 600))),
        Script((Stay(0, 600),), every(10, (0, 600)), client="tab-00002"),
    )
    assert desk.total() == 600


@pytest.mark.parametrize("swapped", [False, True])
def test_two_courses_that_overlap(desk: Desk, swapped: bool) -> None:
    scripts = [
        Script((Stay(0, 600),), every(10, (0, 600))),
        Script((Stay(300, 900),), every(10, (300, 900)), client="tab-00002", course="second"),
    ]
    desk.play(*(reversed(scripts) if swapped else scripts))
    assert desk.total("first", "second") == 900


def test_a_device_active_within_the_silence_of_another(desk: Desk) -> None:
    desk.play(
        Script((Stay(0, 400),), every(10, (0, 100), (260, 400))),
        Script((Stay(150, 200),), every(10, (150, 200)), client="tab-00002"),
    )
    assert desk.total() == 365


def test_touching_credits_of_a_tab_on_a_unit_are_one_row(desk: Desk) -> None:
    desk.play(TABLE["change of unit"][1])
    rows = [
        (row.place.unit_key.block_id, (row.end - row.start).total_seconds()) for row in Presence.objects.order_by("end")
    ]
    assert rows == [("first", 120), ("second", 180)]


def test_sleep_is_credited_with_the_trail_at_most(desk: Desk) -> None:
    """The machine sleeps from 95 to 685 and its monotonic clock stands still; the page never became hidden."""
    desk.play(Script((Stay(0, 90),), every(10, (0, 90))))
    lease = desk.leases["tab-00001", "first"]
    beat = {"client": "tab-00001", "seq": 90, "quiet": 10_000, "elapsed": 10_000, "appeared": False, "lease": lease}
    desk.at(690)
    assert desk.post(beat).json()["status"] == "credited"
    assert desk.total() == 90 + 10


def test_short_sleep_is_not_credited(desk: Desk) -> None:
    """Asleep for 60 s between two beats that are 30 s of the browser's clock apart."""
    desk.play(Script((Stay(0, 90),), every(10, (0, 90))))
    lease = desk.leases["tab-00001", "first"]
    beat = {"client": "tab-00001", "seq": 90, "quiet": 0, "elapsed": 30_000, "appeared": False, "lease": lease}
    desk.at(180)
    desk.post(beat)
    assert desk.total() == 120


def test_clock_set_back_credits_nothing_twice(desk: Desk) -> None:
    """At 600 the server's clock is set back by 300 s."""
    desk.play(Script((Stay(0, 600),), every(10, (0, 600))))
    desk.play(Script((Stay(300, 900),), every(10, (300, 900)), client="tab-00002"))
    assert desk.total() == 900


@pytest.mark.parametrize(
    "origin", ["2026-03-29T00:55:00+00:00", "2026-10-25T00:55:00+00:00", "2026-03-08T22:55:00+00:00"]
)
def test_clock_change_and_midnight_are_ordinary_seconds(desk: Desk, origin: str) -> None:
    desk.origin = datetime.fromisoformat(origin)
    desk.play(TABLE["visible throughout"][1])
    time = api.course_time(LEARNER, course_key())
    assert time.total_seconds == 600
    assert sum(seconds for _monday, seconds in time.by_week) == 600
