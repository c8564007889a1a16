"""WCAG 2.2 AA on every page, at the width of a phone and of a desk; nothing scrolls sideways."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COURSE, DESKTOP, PHONE, Open, Site, overflow, usage, violations

PAGES = {
    "home": ("", ""),
    "catalogue": ("camille", "courses/"),
    "outline, no trade yet": ("camille", f"courses/{COURSE}/"),
    "outline, finished": ("alix", f"courses/{COURSE}/"),
    "choice of trade": ("camille", f"courses/{COURSE}/{usage('vertical', 'tronc_01_metier')}/"),
    "lesson": ("sacha", f"courses/{COURSE}/{usage('vertical', 'sante_08_lecon')}/"),
    "question": ("sacha", f"courses/{COURSE}/{usage('vertical', 'sante_08_question')}/"),
    "answered question": ("alix", f"courses/{COURSE}/{usage('vertical', 'tronc_03_question')}/"),
    "my training, midway": ("dominique", "utop/"),
    "my training, finished": ("alix", "utop/"),
    "follow-up": ("maud", f"utop/steering/{COURSE}/"),
    "record": ("maud", f"utop/steering/{COURSE}/2/"),
    "my time, with exchanges": ("dominique", f"utop/attendance/{COURSE}/"),
    "my time": ("alix", f"utop/attendance/{COURSE}/"),
    "rules": ("ada", "utop/rules/"),
    "companies elsewhere": ("maud", f"utop/steering/{COURSE}/differences/"),
    "structure": ("ada", f"studio/{COURSE}/"),
    "access": ("ada", f"studio/access/{usage('sequential', 'hotel_01')}/"),
    "editor": ("ada", f"studio/block/{usage('utop_sector_choice', 'tronc_01_choix')}/"),
    "learners": ("maud", f"instructor/{COURSE}/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(site: Site, open_as: Open, name: str) -> None:
    account, path = PAGES[name]
    page = open_as(account, PHONE)
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == []
        assert overflow(page) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_language_is_switched_and_said(site: Site, open_as: Open, language: str) -> None:
    page = open_as("camille", language="fr-FR" if language == "en" else "en-GB")
    page.goto(site.url + "courses/")
    page.locator(f'button[name="language"][value="{language}"]').click()
    heading = {"fr": "Cours", "en": "Courses"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("identifier", ["sample-credential", "sample-verification"])
def test_what_strangers_see_is_accessible_too(site: Site, open_as: Open, identifier: str) -> None:
    page = open_as("", PHONE)
    page.locator(f"#{identifier}").click()
    page.wait_for_url(re.compile("/utop/"))
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    assert overflow(page) == []
