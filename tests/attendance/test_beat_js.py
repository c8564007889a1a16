"""beat.js in Chromium against the real endpoint: the page's clock and the server's move together, second by second."""

import base64
import gzip
import json
import os
import struct
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

import openedx_utop
from openedx_utop.attendance import api
from openedx_utop.attendance.models import Presence
from tests.attendance import browser_urls
from tests.attendance.conftest import LEARNER, MONDAY, course_key
from tests.attendance.simulator import every
from tests.host import InMemoryPlatform

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.attendance.browser_urls"),
]

SCRIPT = Path(openedx_utop.__file__).parent / "static" / "openedx_utop" / "beat.js"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
# No jitter, a switch for visibility (a headless page never hides), and a list of what is under way.
PREPARATION = """
Math.random = () => 0;
window.show = (visible) => {
  if (visible) delete document.visibilityState;
  else Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
};
window.underWay = [];
const send = window.fetch;
window.fetch = (...call) => {
  const answer = send(...call);
  window.underWay.push(answer.then((found) => found.clone().text()).catch(() => 0));
  return answer;
};
window.settled = async () => {
  for (let known = -1; known !== window.underWay.length;) {
    known = window.underWay.length;
    await Promise.all(window.underWay);
    const { port1, port2 } = new MessageChannel();
    await new Promise((done) => { port1.onmessage = done; port2.postMessage(0); });
  }
};
window.answers = [];
document.addEventListener("utop:beat", (event) => window.answers.push(event.detail));
window.faults = [];
addEventListener("error", (event) => window.faults.push(event.message));
addEventListener("unhandledrejection", (event) => window.faults.push(String(event.reason)));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Tab:
    """A browser tab and the two clocks."""

    def __init__(self, context: BrowserContext, server: Any, traveller: time_machine.Traveller) -> None:
        self.page: Page = context.new_page()
        self.page.add_init_script(PREPARATION)
        self.page.clock.install(time=MONDAY - timedelta(seconds=1))
        self.page.clock.pause_at(MONDAY)
        self.server, self.traveller, self.now, self.moves = server, traveller, 0, 0
        self.beats: list[dict[str, Any]] = []
        self.page.on("request", self._heard)
        self.lost: Collection[int] = ()
        self.page.route("**/api/v1/beats/", self._pass)

    def _heard(self, request: Any) -> None:
        if request.url.endswith("/beats/"):
            self.beats.append({"at": self.now, **json.loads(request.post_data)})

    def _pass(self, route: Route) -> None:
        if self.now in self.lost:
            route.abort()
        else:
            route.continue_()

    def open(self, path: str) -> None:
        self.page.goto(self.server.url + path)
        self.settle()

    def settle(self) -> None:
        """Wait until every answer has come and been understood."""
        self.page.evaluate("() => window.settled()")

    def signal(self) -> None:
        self.moves += 1
        self.page.mouse.move(10 + self.moves % 200, 10)
        self.settle()

    def until(self, end: int, signals: Collection[int] = (), step: int = 10) -> None:
        """Let both clocks run; a signal comes a millisecond before the beat of the same second.

        The server's goes first: whatever the page sends within a step arrives at the step's end, however fast it is.
        """
        while self.now < end:
            seconds = min(step, end - self.now)
            self.now += seconds
            self.traveller.move_to(MONDAY + timedelta(seconds=self.now))
            self.page.clock.run_for(seconds * 1000 - 1)
            if self.now in signals:
                self.signal()
            self.page.clock.run_for(1)
            self.settle()

    def show(self, visible: bool) -> None:
        self.page.evaluate("(visible) => window.show(visible)", visible)
        self.settle()

    def leave(self) -> None:
        """Go to a page that is no unit, once the last message has arrived."""
        answered = len(browser_urls.ANSWERED)
        self.page.goto(self.server.url + "/elsewhere/")
        for _attempt in range(100):
            if len(browser_urls.ANSWERED) > answered:
                return
            self.page.wait_for_timeout(50)
        pytest.fail("no message on leaving")

    @property
    def faults(self) -> list[str]:
        return list(self.page.evaluate("() => window.faults"))


@pytest.fixture
def open_tab(
    chromium: Browser, live_server: Any, transactional_db: None, host: InMemoryPlatform
) -> Iterator[Callable[[], Tab]]:
    User.objects.create_user("camille", pk=LEARNER)
    host.enrolments.add((LEARNER, course_key()))
    with time_machine.travel(MONDAY, tick=False) as traveller:
        context = chromium.new_context()
        yield lambda: Tab(context, live_server, traveller)
        # What the pages say when they close would come while the database is being emptied.
        context.set_offline(True)
        context.close()


@pytest.fixture
def tab(open_tab: Callable[[], Tab]) -> Tab:
    return open_tab()


def total() -> int:
    return api.total_seconds(LEARNER, course_key())


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
    tab.until(300, every(10, (150, 300)))
    tab.leave()
    assert total() == 210
    assert tab.faults == []


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
    assert [row.unit_key.block_id for row in Presence.objects.order_by("end")] == ["first", "second"]


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
    tab.page.context.set_offline(False)
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
    for end in range(30, 301, 30):
        second.now = first.now
        first.until(end, every(10, (0, 300)))
        second.until(end, every(10, (0, 300)))
    assert total() == 300


def test_a_duplicated_tab_takes_a_name_of_its_own(open_tab: Callable[[], Tab]) -> None:
    first, second = open_tab(), open_tab()
    first.open("/unit/first/")
    name = first.page.evaluate("() => sessionStorage.getItem('utop-tab')")
    second.open("/elsewhere/")
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
    tab.page.evaluate("() => window.scrollBy(0, 2000)")
    tab.page.wait_for_timeout(500)
    tab.until(30)
    assert tab.beats[-1]["quiet"] <= 10_000


def test_only_what_a_person_does_is_a_signal(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(20)
    tab.page.evaluate("() => document.body.dispatchEvent(new MouseEvent('pointermove', { bubbles: true }))")
    tab.until(30)
    assert tab.beats[-1]["quiet"] == 30_000


def play(tab: Tab, *, seconds: int) -> None:
    """Something to hear, without a gesture of the learner's."""
    samples = 8000 * seconds
    sound = (
        b"RIFF" + struct.pack("<I", 36 + samples) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    )
    sound += b"data" + struct.pack("<I", samples) + b"\x80" * samples
    tab.page.evaluate(
        "async (data) => { window.player = new Audio('data:audio/wav;base64,' + data);"
        " document.body.append(window.player); await window.player.play(); }",
        base64.b64encode(sound).decode(),
    )


def watch(tab: Tab, end: int) -> None:
    """The player keeps its own time: 0.6 s of it for ten seconds of the two clocks."""
    for second in range(tab.now + 10, end + 1, 10):
        tab.page.wait_for_timeout(600)
        tab.until(second)


def test_a_video_that_plays_is_presence_and_a_silent_loop_is_not(tab: Tab) -> None:
    tab.open("/unit/first/")
    play(tab, seconds=30)
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
    tab.page.add_script_tag(url=f"{tab.server.url}/static/openedx_utop/beat.js", type="module")
    tab.until(60)
    assert tab.beats == []
    assert tab.faults == []
