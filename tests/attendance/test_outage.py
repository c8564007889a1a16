"""Outages: what the page kept is counted when the network is back, within bounds and marked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from openedx_utop.attendance import api
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, MONDAY, Desk, course_key, every_way
from tests.attendance.simulator import Script, Sent, Stay, conversation, every


def outage(start: int, end: int, until: int, **fields: Any) -> Script:
    """Somebody who works on while messages are lost from `start` to `end`."""
    script = Script((Stay(0, until),), every(10, (0, until)), lost=range(start, end + 1), keeps=True)
    return replace(script, **fields)


# What is counted, and how much of it is marked.
TABLE = {
    "five minutes": (900, 330, outage(301, 600, 900)),
    "fifteen minutes": (1170, 600, outage(301, 1200, 1500)),
    "an hour": (1170, 600, outage(301, 3900, 4200)),
    "two beats": (600, 0, outage(120, 150, 600)),
    "three beats": (480, 0, outage(120, 180, 600)),
    "never back": (300, 0, outage(301, 900, 900)),
    "four in a day": (
        4200 - 4 * 570 + 1800,
        1800,
        outage(
            0, 0, 4200, lost=[second for start in (300, 1200, 2100, 3000) for second in range(start + 1, start + 541)]
        ),
    ),
    "silent for too long meanwhile": (515, 145, outage(301, 800, 900, signals=every(10, (0, 400), (800, 900)))),
    "hidden meanwhile": (
        700,
        130,
        outage(301, 600, 900, stays=(Stay(0, 400), Stay(600, 900)), signals=every(10, (0, 400), (600, 900))),
    ),
    "another unit meanwhile": (
        570,
        0,
        outage(301, 600, 900, stays=(Stay(0, 450), Stay(450, 900, unit="second", new_document=True))),
    ),
    "a video meanwhile": (900, 330, outage(301, 600, 900, signals={0}, video=range(901))),
}


def marked() -> int:
    return api.course_time(LEARNER, course_key()).offline_seconds


@pytest.mark.parametrize("line", TABLE)
@pytest.mark.parametrize("times", [1, 2])
def test_what_is_counted_and_what_is_marked(desk: Desk, line: str, times: int) -> None:
    expected, apart, script = TABLE[line]
    for sent in conversation(script):
        desk.leases.clear()  # As the page does when its lease has expired.
        for _time in range(times if sent.arrives else 0):
            desk.deliver(sent)
    assert (desk.total(), marked()) == (expected, apart)


def test_what_is_marked_is_a_row_of_its_own(desk: Desk) -> None:
    desk.play(TABLE["five minutes"][2])
    rows = Presence.objects.order_by("start").values_list("source", "start", "end")
    spans = [(source, (start - MONDAY).seconds, (end - MONDAY).seconds) for source, start, end in rows]
    assert spans == [("live", 0, 300), ("offline", 300, 630), ("live", 630, 900)]


def test_the_next_day_has_thirty_minutes_of_its_own(desk: Desk) -> None:
    desk.play(TABLE["four in a day"][2])
    desk.origin = MONDAY + timedelta(days=1)
    desk.play(replace(TABLE["five minutes"][2], client="tab-00002"))
    assert marked() == 1800 + 330


def test_another_device_that_was_heard_meanwhile_counts_once(desk: Desk) -> None:
    other = Script((Stay(0, 900),), every(10, (0, 900)), client="tab-00002", course="second")
    desk.play(TABLE["five minutes"][2], other)
    assert desk.total("first", "second") == 900
    assert marked() == 30  # At 630 it comes before the other's.


def returning(desk: Desk) -> Sent:
    """The message that comes back after five minutes, not sent yet."""
    sent = [message for message in conversation(TABLE["five minutes"][2]) if message.arrives and message.at <= 630]
    for message in sent[:-1]:
        desk.deliver(message)
    return sent[-1]


@every_way
def test_the_page_is_told_what_was_credited(desk: Desk) -> None:
    answer = desk.deliver(returning(desk)).json()
    assert (answer["status"], answer["credited"]) == ("credited", 330)


def forged(sent: Sent, **fields: Any) -> Sent:
    return replace(sent, fields={**sent.fields, **fields})


@pytest.mark.parametrize(
    "tampering",
    [
        lambda sent: forged(sent, missed=[]),
        lambda sent: forged(sent, missed=sent.fields["missed"][1:]),
        lambda sent: forged(sent, missed=sent.fields["missed"][::-1]),
        lambda sent: forged(sent, missed=[*sent.fields["missed"][:3], *sent.fields["missed"][4:]]),
        lambda sent: forged(sent, missed=[[seq + 1, *rest] for seq, *rest in sent.fields["missed"]]),
        lambda sent: forged(sent, missed=[[seq, age + 3_600_000, *rest] for seq, age, *rest in sent.fields["missed"]]),
        lambda sent: forged(sent, elapsed=None),
        lambda sent: forged(sent, elapsed=30_000),
        lambda sent: forged(sent, elapsed=3_600_000),
        lambda sent: forged(sent, client="tab-00002"),
    ],
)
def test_a_story_that_does_not_hold_together_adds_nothing(desk: Desk, tampering: Any) -> None:
    desk.deliver(tampering(returning(desk)))
    assert marked() == 0
    assert desk.total() == 300


def test_an_answer_that_was_lost_is_no_gap(desk: Desk) -> None:
    """The server heard the beat of 330, whose answer did not come: the page tells of it again."""
    sent = returning(desk)
    seq, age, *_rest = sent.fields["missed"][0]
    heard = {"seq": seq, "quiet": 0, "input": 0, "elapsed": 30_000, "appeared": False, "media": None}
    desk.deliver(replace(sent, at=sent.at - age // 1000, fields={"client": sent.client, **heard}))
    desk.deliver(sent)
    assert (desk.total(), marked()) == (630, 300)
