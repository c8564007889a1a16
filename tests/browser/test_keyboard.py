"""Without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import COURSE, PHONE, Open, Site


def tab_to(page: Page, name: str, limit: int = 80) -> None:
    """Press Tab until the focus is on what bears this name."""
    for _step in range(limit):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate("document.activeElement?.innerText || ''")):
            return
    raise AssertionError(f"{name} is not reached")


def test_the_first_stop_leads_past_the_menu(site: Site, open_as: Open) -> None:
    page = open_as()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))
    tab_to(page, "Devenir Camille", limit=1)


def test_from_the_home_page_to_the_second_unit(site: Site, open_as: Open) -> None:
    page = open_as("", PHONE)
    tab_to(page, "Devenir Camille")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/")
    tab_to(page, "Aller au cours")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{COURSE}/")
    tab_to(page, "Commencer")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("tronc_01_metier/$"))
    tab_to(page, "La leçon")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tronc_01_lecon/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_question_is_answered_within_the_frame(site: Site, open_as: Open) -> None:
    page = open_as("dominique")
    page.goto(site.unit("banque_03_question"))
    frame = page.frame_locator("iframe")
    first = frame.locator(".problem input, .problem select").first
    first.focus()
    page.keyboard.press("Space" if first.get_attribute("type") else "ArrowDown")
    expect(frame.locator(":focus")).to_have_count(1)
    expect(frame.get_by_role("button", name="Valider")).to_be_visible()
