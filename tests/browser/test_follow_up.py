"""The tutor's journey: who is behind, one click to the person, a contact noted, and the learner reads it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import COURSE, PHONE, Open, Site, violations


def test_a_contact_is_noted_by_keyboard_and_read_by_the_learner(site: Site, open_as: Open) -> None:
    page = open_as("maud")
    page.goto(f"{site.url}instructor/{COURSE}/")
    page.locator('#utop_steering a[href$="?only=behind"]').click()
    page.wait_for_url(re.compile(r"\?only=behind$"))
    page.locator("#utop-text").press_sequentially("noa")
    page.keyboard.press("Enter")
    # What was looked for is where the focus goes on from: the person is the next stop, the note the one after.
    page.wait_for_url(re.compile("text=noa.*#utop-learners$"))
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Noa Enretard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # A browser that goes to a part of a page takes the focus there: not before, or what is typed is lost.
    page.wait_for_url(re.compile("#utop-note$"))
    subject = page.locator('[name="subject"]')
    subject.press_sequentially("Point sur le retard")
    expect(subject).to_have_value("Point sur le retard")
    subject.press("Enter")
    expect(page.locator("#utop-contacts ~ ol")).to_contain_text("Point sur le retard")
    learner = open_as("noa", PHONE)
    learner.goto(f"{site.url}utop/attendance/{COURSE}/")
    expect(learner.locator("section:has(#utop-contacts)")).to_contain_text("Point sur le retard")
    expect(learner.locator("section:has(#utop-contacts)")).to_contain_text("Maud Formatrice")


def test_a_phone_shows_who_needs_attention_and_paper_shows_everything(site: Site, open_as: Open) -> None:
    page = open_as("maud", PHONE)
    page.goto(f"{site.url}utop/steering/{COURSE}/")
    first = page.locator("tbody tr").first.locator("a").first
    assert page.evaluate("element => element.getBoundingClientRect().bottom", first.element_handle()) < PHONE[1]
    page.goto(f"{site.url}utop/steering/{COURSE}/2/")
    modules, form = page.locator("details:has(> summary h2)").last.locator("table"), page.locator("#utop-note form")
    expect(modules).to_be_hidden()
    page.locator("#utop-note summary").press("Enter")
    expect(form).to_be_visible()
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(form).to_be_hidden()
    expect(modules).to_be_visible()
