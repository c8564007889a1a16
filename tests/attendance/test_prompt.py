"""« Still there? » in Chromium: asked in time, answered by any gesture, in nobody's way."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from openedx_utop.attendance import api
from tests.attendance.conftest import LEARNER, course_key
from tests.attendance.simulator import every
from tests.attendance.tab import Tab, chromium, open_tab, play, scrolled_to, tab, watch

__all__ = ["chromium", "open_tab", "tab"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.attendance.browser_urls"),
]


def question(tab: Tab) -> Locator:
    return tab.page.get_by_role("status")


def test_asked_thirty_seconds_before_time_stops(tab: Tab) -> None:
    tab.open("/unit/first/")
    expect(question(tab)).to_have_text("")
    tab.until(149, {100})
    tab.until(249)
    expect(question(tab)).to_have_text("")
    tab.until(250, step=1)
    expect(question(tab)).to_contain_text("Are you still there?")
    expect(question(tab)).to_have_attribute("aria-live", "polite")
    expect(question(tab).get_by_role("button", name="I am here")).to_be_visible()
    assert tab.faults == []


def press_a_key(tab: Tab) -> None:
    tab.page.keyboard.press("Shift")


def press_the_button(tab: Tab) -> None:
    tab.page.get_by_role("button", name="I am here").click()


def answer_with_the_keyboard(tab: Tab) -> None:
    tab.page.get_by_role("button", name="I am here").press("Enter")


@pytest.mark.parametrize("answer", [press_a_key, press_the_button, answer_with_the_keyboard, Tab.signal])
def test_any_gesture_answers_and_it_is_asked_again_without_limit(tab: Tab, answer: Callable[[Tab], None]) -> None:
    tab.open("/unit/first/")
    for round_end in (160, 320, 480):
        tab.until(round_end)
        expect(question(tab).get_by_role("button")).to_be_visible()
        answer(tab)
        tab.settle()
        expect(question(tab)).to_have_text("")
    tab.until(490)
    tab.leave()
    assert api.total_seconds(LEARNER, course_key()) >= 480


def test_the_focus_stays_where_it_was(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.page.evaluate("() => { const p = document.getElementById('p5'); p.tabIndex = 0; p.focus(); }")
    tab.until(160)
    expect(question(tab).get_by_role("button")).to_be_visible()
    assert tab.page.evaluate("() => document.activeElement.id") == "p5"


def test_a_hidden_page_asks_nothing(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(160)
    tab.show(False)
    expect(question(tab)).to_have_text("")
    tab.until(400, step=60)
    expect(question(tab)).to_have_text("")


def test_in_a_frame_that_never_scrolls_it_stands_where_the_learner_looks(tab: Tab) -> None:
    tab.open("/course/")
    scrolled_to(tab, 4000)
    tab.until(150)
    button = tab.page.frame_locator("iframe").get_by_role("button", name="I am here")
    expect(button).to_be_in_viewport(ratio=1)


def test_a_video_is_asked_about_and_stops_counting_without_an_answer(tab: Tab, settings: Any) -> None:
    settings.UTOP_MEDIA_PROMPT_SECONDS = 60
    tab.open("/unit/first/")
    play(tab, seconds=120)
    watch(tab, 50)
    expect(question(tab)).to_have_text("")
    watch(tab, 70)
    expect(question(tab).get_by_role("button")).to_be_visible()
    watch(tab, 150)
    assert tab.beats[-1]["media"] is None
    assert 40_000 <= tab.beats[-1]["quiet"] <= 60_000
    tab.signal()
    watch(tab, 180)
    expect(question(tab)).to_have_text("")
    assert tab.beats[-1]["media"]["playing"] is True


def test_what_plays_again_and_again_stops_counting(tab: Tab) -> None:
    tab.open("/unit/first/")
    play(tab, seconds=1)
    tab.page.evaluate("() => { window.player.loop = true; }")
    tab.page.wait_for_function("() => window.rewinds > 2")
    watch(tab, 100)
    assert tab.beats[-1]["media"] is None
    assert tab.beats[-1]["quiet"] >= 20_000


def test_a_page_that_shows_nothing_to_read_asks_at_its_top(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.page.evaluate("() => document.querySelectorAll('p').forEach((paragraph) => paragraph.remove())")
    tab.until(160)
    expect(question(tab).get_by_role("button")).to_be_in_viewport(ratio=1)


def test_known_gestures_leave_no_question(tab: Tab) -> None:
    tab.open("/unit/first/")
    tab.until(400, every(100, (0, 400)))
    expect(question(tab)).to_have_text("")
