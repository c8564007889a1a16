"""A learner contests a figure, the staff corrects and answers, a colleague accepts."""

import re
from datetime import timedelta

from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import COURSE, DESKTOP, PHONE, Open, Site, overflow, violations


def _yesterday() -> str:
    """In the official time zone, which is that of the tests' settings."""
    return (localdate() - timedelta(days=1)).isoformat()


def checked(page: Page) -> Page:
    """The page, once axe found nothing on it and it does not scroll sideways."""
    assert violations(page) == []
    assert overflow(page) == []
    return page


def sent(page: Page) -> Page:
    """The page after its last form was sent, with what is said of it."""
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".utop-messages")).to_be_visible()
    return checked(page)


def test_from_a_contested_figure_to_a_correction(site: Site, open_as: Open) -> None:
    learner = open_as("dominique", PHONE)
    learner.goto(f"{site.url}utop/contests/{COURSE}/")
    learner.locator("[name=claimed_minutes]").fill("50")
    learner.locator("[name=words]").fill("La connexion a coupé.")
    sent(learner)

    staff = open_as("maud", PHONE)
    staff.goto(f"{site.url}utop/corrections/{COURSE}/")
    staff.locator("#utop-learner").fill("dominique")
    staff.locator("main form button").first.click()
    staff.wait_for_url(re.compile(r"/\d+/$"))
    staff.locator("#utop-new summary").press("Enter")
    staff.locator("[name=day]").fill(_yesterday())
    staff.locator("[name=direction][value=add]").check()
    staff.locator("[name=minutes]").fill("90")
    staff.locator("[name=reason]").select_option("incident")
    staff.locator("[name=text]").fill("Coupure du réseau, constatée par téléphone.")
    sent(staff)

    colleague = open_as("ada", DESKTOP)
    colleague.goto(f"{site.url}utop/corrections/{COURSE}/")
    checked(colleague)
    colleague.locator("summary").first.press("Enter")
    colleague.locator("[name=verdict][value=accept]").check()
    colleague.locator("form:has([name=verdict]) button").click()
    expect(colleague.locator(".utop-messages")).to_be_visible()

    learner.goto(f"{site.url}utop/contests/{COURSE}/")
    expect(learner.locator(".utop-status--good")).to_be_visible()
