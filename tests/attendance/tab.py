"""A tab of Chromium against the real endpoint: the page's clock and the server's move together, second by second."""

import base64
import json
import os
import struct
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
import time_machine
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route

from openedx_utop.attendance import api
from tests.attendance import browser_urls
from tests.attendance.conftest import LEARNER, MONDAY, course_key
from tests.chromium import PATIENCE_MS, launched, new_context
from tests.host import InMemoryPlatform

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
// How many workers are there, and how many messages they were given.
window.workers = window.carried = 0;
window.Worker = class extends Worker {
  constructor(...call) {
    super(...call);
    this.addEventListener("message", () => { window.workers = 1; }, { once: true });
  }
  postMessage(message) {
    window.carried += 1;
    window.underWay.push(new Promise((done) => this.addEventListener("message", done, { once: true })));
    super.postMessage(message);
  }
};
const read = Response.prototype.json;
Response.prototype.json = function () {
  const content = read.call(this);
  window.underWay.push(content.catch(() => 0));
  return content;
};
window.settled = async () => {
  for (let known = -1; known !== window.underWay.length;) {
    known = window.underWay.length;
    await Promise.all(window.underWay);
    const { port1, port2 } = new MessageChannel();
    await new Promise((done) => { port1.onmessage = done; port2.postMessage(0); });
  }
};
// Playwright's clock goes on from page to page; a page's own begins with it.
window.began = 0;
const sinceTheFirst = performance.now.bind(performance);
performance.now = () => sinceTheFirst() - window.began;
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
    with launched("--autoplay-policy=no-user-gesture-required") as browser:
        yield browser


class Tab:
    """A browser tab and the two clocks."""

    def __init__(self, context: BrowserContext, server: Any, traveller: time_machine.Traveller) -> None:
        self.page: Page = context.new_page()
        # It runs until it is paused, which is refused once it is past that moment.
        self.page.clock.install(time=MONDAY - timedelta(days=1))
        self.page.add_init_script(PREPARATION)
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
        self.begin(path)
        self.settle()

    def begin(self, path: str, until: Literal["commit", "load"] = "load") -> None:
        self.page.add_init_script(f"window.began = {self.now * 1000}")
        self.page.goto(self.server.url + path, wait_until=until)

    def open_slowly(self, path: str, seconds: int) -> None:
        """As over a slow network: the page begins at once, and its script comes so much later."""
        held: list[Route] = []
        self.page.route("**/beat.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
        with self.page.expect_request("**/beat.js"):
            self.begin(path, until="commit")
        self.until(self.now + seconds)
        held[0].continue_()
        self.page.unroute("**/beat.js")
        self.page.wait_for_load_state()
        self.settle()

    def settle(self) -> None:
        """Wait until every answer has come and been understood, in the page and in its frames."""
        for frame in self.page.frames:
            frame.evaluate("() => window.settled()")

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
            if self.now in signals:
                self.page.clock.run_for(seconds * 1000 - 1)
                self.signal()
                self.page.clock.run_for(1)
            else:
                self.page.clock.run_for(seconds * 1000)
            self.settle()

    def show(self, visible: bool) -> None:
        self.page.evaluate("(visible) => window.show(visible)", visible)
        self.settle()

    def leave(self) -> None:
        """Go to a page that is no unit, once the last message has arrived."""
        answered = len(browser_urls.ANSWERED)
        self.page.goto(self.server.url + "/elsewhere/")
        for _attempt in range(PATIENCE_MS // 50):
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
        context = new_context(chromium)
        yield lambda: Tab(context, live_server, traveller)
        # What the pages say when they close would come while the database is being emptied.
        context.set_offline(True)
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


@pytest.fixture
def tab(open_tab: Callable[[], Tab]) -> Tab:
    return open_tab()


def total() -> int:
    return api.total_seconds(LEARNER, course_key())


# Its promise is kept when the browser tells who watches the screen: beat.js, which asked first, knows by then.
ON_SCREEN = """(id) => new Promise((done) => {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    done();
  }).observe(document.getElementById(id));
})"""


def unit_frame(tab: Tab) -> Frame:
    return next(frame for frame in tab.page.frames if "/unit/" in frame.url)


def scrolled_to(tab: Tab, top: int) -> None:
    """Paragraphs are 34 pixels apart: one in the middle of the screen tells when it is there."""
    tab.page.evaluate("(top) => window.scrollTo(0, top)", top)
    unit_frame(tab).evaluate(ON_SCREEN, f"p{(top + 300) // 34}")


# Counts what the player tells of itself, after beat.js has heard it.
PLAY = """async (data) => {
  const player = new Audio("data:audio/wav;base64," + data);
  Object.assign(window, { player, updates: 0, rewinds: 0 });
  let position = 0;
  player.addEventListener("timeupdate", () => {
    window.updates += 1;
    if (player.currentTime < position) window.rewinds += 1;
    position = player.currentTime;
  });
  document.body.append(player);
  await player.play();
}"""


def play(tab: Tab, *, seconds: int) -> None:
    """Something to hear, without a gesture of the learner's."""
    samples = 8000 * seconds
    sound = (
        b"RIFF" + struct.pack("<I", 36 + samples) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    )
    sound += b"data" + struct.pack("<I", samples) + b"\x80" * samples
    tab.page.evaluate(PLAY, base64.b64encode(sound).decode())


def watch(tab: Tab, end: int) -> None:
    """The player keeps its own time: it is heard from once, at least, for ten seconds of the two clocks."""
    for second in range(tab.now + 10, end + 1, 10):
        heard = tab.page.evaluate("() => window.updates")
        tab.page.wait_for_function("(heard) => window.updates > heard", arg=heard)
        tab.until(second)
