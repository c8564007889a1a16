"""beat.js in Chromium against the real endpoint."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client

import openedx_utop
from openedx_utop.attendance import api
from openedx_utop.attendance.models import Presence
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.simulator import every
from tests.attendance.tab import Tab, chromium, open_tab, play, scrolled_to, tab, total, watch

__all__ = ["chromium", "open_tab", "tab"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.attendance.browser_urls"),
]

SCRIPT = Path(openedx_utop.__file__).parent / "static" / "openedx_utop" / "beat.js"


def test_at_most_four_kilobytes_compressed() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) <= 4000


def test_visible_throughout(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(600, every(10, (0, 600)))
    tab.leave()
    assert total() == 600
    assert Presence.objects.count() == 1


def test_beats_are_thirty_seconds_apart_and_tell_the_page(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(90, every(10, (0, 90)))
    assert [beat["at"] for beat in tab.beats] == [0, 30, 60, 90]
    assert [beat["appeared"] for beat in tab.beats] == [True, False, False, False]
    assert [answer["credited"] for answer in tab.page.evaluate("() => window.answers")] == [0, 30, 30, 30]
    assert tab.faults == []


def test_a_worker_sends_what_can_wait_and_the_page_what_cannot(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(30, {30}, step=30)
    assert tab.page.evaluate("() => window.carried") == 0
    tab.page.wait_for_function("() => window.workers === 1")
    tab.until(90, {60, 90}, step=30)
    assert tab.page.evaluate("() => window.carried") == 2
    tab.show(False)
    assert tab.page.evaluate("() => window.carried") == 2
    assert len(tab.beats) == 5
    assert total() == 90
    assert tab.faults == []


@pytest.mark.parametrize("hostile", ["throw new DOMException('', 'SecurityError')", "return { postMessage() {} }"])
def test_without_a_worker_the_page_sends_all(tab: Tab, hostile: str) -> None:
    """Static files of another site, a policy without workers, or one that never answers."""
    tab.page.add_init_script(f"window.Worker = function () {{ {hostile}; }}")
    tab.open("/unit/first/")
    tab.until(90, {30, 60, 90}, step=30)
    assert [beat["at"] for beat in tab.beats] == [0, 30, 60, 90]
    assert tab.faults == []


def test_a_worker_that_falls_silent_is_not_waited_for(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(30, {30}, step=30)
    tab.page.wait_for_function("() => window.workers === 1")
    tab.page.evaluate("() => { Worker.prototype.postMessage = () => {}; }")
    tab.until(120, {60, 90, 120}, step=30)
    assert [beat["at"] for beat in tab.beats] == [0, 30, 90, 120]
    assert total() == 120


def test_silence_bridged_and_not(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(400, every(10, (0, 100), (300, 400)))
    tab.leave()
    assert total() == 215


def test_silence_within_the_idle_time(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(300, every(10, (0, 100), (260, 300)))
    tab.leave()
    assert total() == 300


def test_tab_left_open_stops_sending(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(1000, every(10, (0, 100)))
    assert total() == 115
    assert 270 <= max(beat["at"] for beat in tab.beats) <= 280


def test_hidden_for_a_while(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(100, every(10, (0, 100)))
    tab.show(False)
    tab.until(200)
    tab.show(True)
    tab.until(300, every(10, (200, 300)))
    tab.leave()
    assert total() == 200
    assert not [beat for beat in tab.beats if 100 < beat["at"] < 200]


def test_hidden_and_both_messages_lost(tab: Tab) -> None:
    tab.lost = {100, 150}
    tab.open("/unit/first/")
    tab.until(100, every(10, (0, 100)))
    tab.show(False)
    tab.until(150)
    tab.show(True)
    tab.signal()
    tab.until(300, every(10, (150, 300)))
    tab.leave()
    assert total() == 210
    assert tab.faults == []


def test_the_first_signal_after_a_silence_is_told_at_once(tab: Tab) -> None:
    """What the page says when it closes may get lost."""
    tab.open("/unit/first/")
    tab.until(100, {10, 20}, step=30)
    tab.until(140, {140}, step=40)
    assert [beat["quiet"] for beat in tab.beats if beat["at"] == 140][-1:] == [0]
    assert total() == 140


def test_hidden_for_long_and_the_first_signal_later(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(100, every(10, (0, 100)))
    tab.show(False)
    tab.until(400)
    tab.show(True)
    tab.until(402, {402}, step=2)
    tab.until(500, every(10, (402, 500)))
    tab.leave()
    assert total() == 198


def test_change_of_unit(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(120, every(10, (0, 120)))
    tab.leave()
    tab.until(123)
    tab.open("/unit/second/")
    tab.until(300, every(1, (123, 300)))
    tab.leave()
    assert total() == 300
    assert len({beat["client"] for beat in tab.beats}) == 1
    assert [row.place.unit_key.block_id for row in Presence.objects.order_by("end")] == ["first", "second"]


@pytest.mark.parametrize(("before", "expected"), [(0, 300), (60, 220)])
def test_who_waits_for_a_slow_unit_has_not_left(tab: Tab, before: int, expected: int) -> None:
    tab.open("/unit/first/")
    tab.until(120, every(10, (0, 120)))
    tab.leave()
    tab.until(120 + before)
    tab.open_slowly("/unit/second/", 20)
    tab.until(300, every(10, (140 + before, 300)))
    tab.leave()
    assert total() == expected


@pytest.mark.parametrize(("lost", "expected"), [({120, 150}, 600), ({120, 150, 180}, 480)])
def test_lost_messages(tab: Tab, lost: set[int], expected: int) -> None:
    tab.lost = lost
    tab.open("/unit/first/")
    tab.until(600, every(10, (0, 600)))
    tab.leave()
    assert total() == expected
    assert tab.faults == []


def test_five_minutes_without_network_are_counted_and_marked(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(300, every(10, (0, 300)))
    tab.page.context.set_offline(True)
    tab.until(600, every(10, (300, 600)))
    with tab.page.expect_request("**/api/v1/beats/"):
        tab.page.context.set_offline(False)
    tab.settle()
    tab.until(900, every(10, (600, 900)))
    tab.leave()
    time = api.course_time(LEARNER, course_key())
    assert time.total_seconds == 900
    assert 270 <= time.offline_seconds <= 330
    assert tab.faults == []


def test_fifteen_minutes_without_network_count_for_ten(tab: Tab, live_server: Any) -> None:
    sign_in(tab, live_server)
    tab.lost = range(301, 1201)
    tab.open("/unit/first/")
    tab.until(1500, every(10, (0, 1500)))
    tab.leave()
    time = api.course_time(LEARNER, course_key())
    assert (time.total_seconds, time.offline_seconds) == (1170, 600)
    assert all(len(json.dumps(beat)) < 4096 for beat in tab.beats)
    assert len(tab.beats[-1]["missed"]) == 1


def test_two_tabs_at_once(open_tab: Callable[[], Tab]) -> None:
    first, second = open_tab(), open_tab()
    first.open("/unit/first/")
    second.open("/unit/second/")
    for end in range(10, 301, 10):
        first.until(end, every(10, (0, 300)))
        second.until(end, every(10, (0, 300)))
    assert total() == 300


def test_a_duplicated_tab_takes_a_name_of_its_own(open_tab: Callable[[], Tab]) -> None:
    first, second = open_tab(), open_tab()
    first.open("/unit/first/")
    # What a tab leaves in storage when it is left, its copy finds there.
    first.show(False)
    first.show(True)
    name = first.page.evaluate("() => sessionStorage.getItem('utop-tab')")
    second.open("/elsewhere/")
    assert json.loads(name)["id"] == first.beats[0]["client"]
    second.page.evaluate("(name) => sessionStorage.setItem('utop-tab', name)", name)
    second.open("/unit/second/")
    first.until(30, every(10, (0, 30)))
    first.until(90, every(10, (0, 90)))
    assert len({beat["client"] for beat in first.beats + second.beats}) == 2
    assert total() >= 60


def sign_in(tab: Tab, live_server: Any) -> None:
    http = Client()
    http.force_login(User.objects.get())
    session = http.cookies[django_settings.SESSION_COOKIE_NAME].value
    tab.page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )


def test_an_expired_lease_is_renewed(tab: Tab, live_server: Any) -> None:
    sign_in(tab, live_server)
    tab.open("/unit/first/")
    tab.until(100, every(10, (0, 100)))
    tab.show(False)
    tab.until(1000, step=100)
    tab.show(True)
    tab.signal()
    tab.until(1060, every(10, (1000, 1060)))
    tab.leave()
    assert total() == 160
    assert tab.faults == []


def test_scrolling_the_page_around_the_frame_is_a_signal(tab: Tab) -> None:
    tab.open("/course/")
    tab.until(20)
    scrolled_to(tab, 2000)
    tab.until(30)
    assert tab.beats[-1]["quiet"] <= 10_000


def test_only_what_a_person_does_is_a_signal(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(20)
    tab.page.evaluate("() => document.body.dispatchEvent(new MouseEvent('mousemove', { bubbles: true }))")
    tab.until(30)
    assert tab.beats[-1]["quiet"] == 30_000


def test_a_video_that_plays_is_presence_and_a_silent_loop_is_not(tab: Tab) -> None:
    tab.open("/unit/first/")
    play(tab, seconds=120)
    watch(tab, 60)
    assert tab.beats[-1]["media"]["playing"] is True
    assert tab.beats[-1]["media"]["position"] > 0
    assert tab.beats[-1]["quiet"] <= 10_000
    tab.page.evaluate("() => { window.player.loop = window.player.muted = true; }")
    watch(tab, 120)
    assert tab.beats[-1]["media"] is None
    assert tab.beats[-1]["quiet"] >= 50_000


def test_a_page_without_a_lease_is_left_alone(tab: Tab) -> None:
    tab.open("/elsewhere/")
    tab.page.add_script_tag(url=f"{tab.server.url}/static/openedx_utop/beat.js")
    tab.until(60)
    assert tab.beats == []
    assert tab.faults == []
