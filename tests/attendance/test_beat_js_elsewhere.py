"""beat.js where pages are hostile to it: another site's frame, Safari's ways, blockers, players of other sites."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Frame, Route, expect

from tests.attendance.browser_urls import YOUTUBE
from tests.attendance.conftest import MONDAY
from tests.attendance.simulator import every
from tests.attendance.tab import Tab, chromium, open_tab, play, scrolled_to, tab, total, unit_frame, watch

__all__ = ["chromium", "open_tab", "tab"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.attendance.browser_urls"),
]

# What is counted after the last sign of life. A message is heard at the end of the step in which it was sent.
TRAIL = 15
# No Web Locks, storage blocked in frames, and an `unload` that nobody may rely on.
SAFARI = """
delete Navigator.prototype.locks;
const forbidden = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
Object.defineProperty(window, "sessionStorage", { get: forbidden });
Object.defineProperty(window, "localStorage", { get: forbidden });
Object.defineProperty(document, "cookie", { get: () => "", set: () => {} });
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (name, ...rest) {
  if (name === "unload" || name === "beforeunload") throw new Error(name);
  return listen.call(this, name, ...rest);
};
"""


def open_on_another_site(tab: Tab) -> None:
    tab.page.goto(tab.server.url.replace("localhost", "127.0.0.1") + "/other-site/")
    tab.settle()


def test_a_reader_whose_parent_page_of_another_site_scrolls_is_there(tab: Tab) -> None:
    open_on_another_site(tab)
    for second, top in {100: 2000, 200: 4000, 300: 6000}.items():
        tab.until(second, step=50)
        scrolled_to(tab, top)
        tab.settle()
    tab.until(400, step=50)
    assert total() >= 300
    assert unit_frame(tab).evaluate("() => window.faults") == []


def test_without_scrolling_that_reader_is_silent(tab: Tab) -> None:
    open_on_another_site(tab)
    tab.until(400, step=50)
    assert total() <= TRAIL + 50


def test_static_files_of_another_host_count_once_though_nobody_may_read_them(tab: Tab) -> None:
    tab.open("/sequence-from-elsewhere/")
    tab.until(150, every(50, (0, 150)), step=50)
    assert total() == 150
    assert [beat["seq"] for beat in tab.beats] == list(range(1, len(tab.beats) + 1))
    assert tab.page.locator(".utop-prompt").count() == 1
    assert tab.faults == []


@pytest.mark.parametrize("top", [0, 4000, 4017, 6100])
def test_on_a_telephone_the_question_is_wholly_on_the_screen(tab: Tab, top: int) -> None:
    tab.page.set_viewport_size({"width": 360, "height": 640})
    open_on_another_site(tab)
    scrolled_to(tab, top)
    tab.until(160, step=80)
    question = tab.page.frame_locator("iframe").get_by_role("status")
    expect(question).to_contain_text("Are you still there?")
    expect(question).to_be_in_viewport(ratio=1)


def test_in_safari_a_page_kept_for_going_back_counts_when_it_is_seen(tab: Tab) -> None:
    tab.page.add_init_script(SAFARI)
    tab.open("/unit/first/")
    tab.until(100, every(50, (0, 100)), step=50)
    tab.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    tab.settle()
    tab.until(400, step=100)
    tab.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    tab.signal()
    tab.until(500, every(50, (400, 500)), step=50)
    tab.leave()
    assert total() == 200
    assert tab.faults == []


def test_in_safari_a_change_of_unit_is_another_tab_and_costs_its_own_seconds_only(tab: Tab) -> None:
    tab.page.add_init_script(SAFARI)
    tab.open("/unit/first/")
    tab.until(100, every(50, (0, 100)), step=50)
    tab.leave()
    tab.until(103)
    tab.open("/unit/second/")
    tab.until(200, every(50, (150, 200)), step=50)
    tab.leave()
    assert total() == 197
    assert len({beat["client"] for beat in tab.beats}) == 2


@pytest.mark.parametrize(("spared", "expected"), [(0, 570), (3, 600)])
def test_a_blocker_that_drops_one_request_in_five(tab: Tab, spared: int, expected: int) -> None:
    """`spared`: how many pass before the first that does not; what the very first one says is lost with it."""
    dropped = [0]

    def block(route: Route) -> None:
        dropped[0] += 1
        if dropped[0] % 5 == (spared + 1) % 5:
            route.abort("blockedbyclient")
        else:
            route.continue_()

    tab.page.route("**/api/v1/beats/", block)
    tab.open("/unit/first/")
    tab.until(600, every(30, (0, 600)), step=30)
    tab.leave()
    assert total() == expected
    assert tab.faults == []


def test_a_frozen_page_stops_and_goes_on(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(60, every(30, (0, 60)), step=30)
    tab.page.evaluate("() => document.dispatchEvent(new Event('freeze'))")
    tab.settle()
    tab.until(360, step=100)
    tab.page.evaluate("() => document.dispatchEvent(new Event('resume'))")
    tab.signal()
    tab.until(420, every(30, (360, 420)), step=30)
    tab.leave()
    assert total() == 120


def test_a_machine_that_slept_is_credited_with_the_trail_at_most(tab: Tab) -> None:
    """Its clock stands still for ten minutes and nothing is told to the page."""
    tab.open("/unit/first/")
    tab.until(60, every(30, (0, 60)), step=30)
    tab.now += 600
    tab.traveller.move_to(MONDAY + timedelta(seconds=tab.now))
    tab.until(720, every(30, (660, 720)), step=30)
    tab.leave()
    assert 60 <= total() <= 120 + TRAIL


def test_a_film_in_a_window_of_its_own_counts_while_the_page_is_hidden(tab: Tab) -> None:
    tab.open("/unit/first/")
    play(tab, seconds=120)
    tab.page.evaluate(
        "() => Object.defineProperty(document, 'pictureInPictureElement',"
        " { configurable: true, get: () => window.player })"
    )
    tab.show(False)
    watch(tab, 40)
    assert tab.beats[-1]["media"]["playing"] is True
    assert tab.beats[-1]["quiet"] <= 10_000
    tab.page.evaluate(
        "() => { delete document.pictureInPictureElement;"
        " window.player.dispatchEvent(new Event('leavepictureinpicture', { bubbles: true })); }"
    )
    tab.until(41)
    told = len(tab.beats)
    tab.until(200, step=50)
    assert len(tab.beats) == told


# What YouTube's player posts to the page that framed it with `enablejsapi`: everything first, then what changes.
INITIAL = {
    "playerState": -1,
    "playbackRate": 1,
    "currentTime": 0,
    "muted": False,
    "volume": 100,
    "duration": 900,
    "apiInterface": ["playVideo", "pauseVideo"],
}
PLAYER = """<!doctype html><title>Player</title><script>
const tell = (event, info) => parent.postMessage(JSON.stringify({ event, info, id: 1, channel: "widget" }), "*");
</script>"""


class Film:
    """YouTube's player in the unit, as far as the unit's page hears of it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        tab.page.context.route(f"{YOUTUBE}/**", lambda route: route.fulfill(body=PLAYER, content_type="text/html"))
        tab.open("/unit/film/")
        self.frame = next(frame for frame in tab.page.frames if frame.url.startswith(YOUTUBE))
        self.tell("initialDelivery", INITIAL)

    def tell(self, event: str, info: Any, frame: Frame | None = None) -> None:
        self.tab.page.evaluate(
            "() => { window.told = new Promise((done) => addEventListener('message', done, { once: true })); }"
        )
        (frame or self.frame).evaluate("([event, info]) => tell(event, info)", [event, info])
        self.tab.page.evaluate("async () => { await window.told; }")

    def run(self, end: int, rate: float = 1) -> None:
        for second in range(self.tab.now + 25, end + 1, 25):
            self.tab.until(second - 1, step=25)
            self.tell("infoDelivery", {"currentTime": second * rate, "videoLoadedFraction": 0.5})
            self.tab.until(second)


def test_a_youtube_film_that_plays_is_presence(tab: Tab) -> None:
    film = Film(tab)
    film.tell("onStateChange", 1)
    film.tell("infoDelivery", {"playerState": 1})
    film.run(400)
    assert tab.beats[-1]["media"]["playing"] is True
    film.tell("infoDelivery", {"playerState": 2})
    tab.until(700, step=50)
    assert 400 <= total() <= 400 + TRAIL + 50
    assert tab.faults == []


def test_a_youtube_film_that_is_paused_is_not(tab: Tab) -> None:
    film = Film(tab)
    film.tell("infoDelivery", {"playerState": 2})
    film.run(300)
    assert total() <= TRAIL + 25


def test_nobody_else_is_taken_for_youtube(tab: Tab) -> None:
    film = Film(tab)
    page = tab.page.main_frame
    page.evaluate("() => { window.tell = (event, info) => postMessage(JSON.stringify({ event, info }), '*'); }")
    for second in range(25, 301, 25):
        tab.until(second, step=25)
        film.tell("infoDelivery", {"playerState": 1, "playbackRate": 1, "currentTime": second}, page)
    assert total() <= TRAIL + 25
