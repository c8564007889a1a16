"""The tutor's journey: who is behind, one click to the person, a contact noted, and the learner reads it."""

from playwright.sync_api import expect

from tests.browser.conftest import COURSE, PHONE, Open, Site


def test_a_contact_is_noted_by_keyboard_and_read_by_the_learner(site: Site, open_as: Open) -> None:
    page = open_as("maud")
    page.goto(f"{site.url}instructor/{COURSE}/")
    page.locator('#utop_steering a[href$="?only=behind"]').click()
    row = page.locator("tr", has_text="Noa Enretard")
    expect(row).to_have_count(1)
    row.locator('a[href$="#utop-note"]').focus()
    page.keyboard.press("Enter")
    page.locator('[name="subject"]').focus()
    page.keyboard.type("Point sur le retard")
    page.keyboard.press("Enter")
    expect(page.locator("#utop-contacts ~ ol")).to_contain_text("Point sur le retard")
    learner = open_as("noa", PHONE)
    learner.goto(f"{site.url}utop/attendance/{COURSE}/")
    expect(learner.locator("section:has(#utop-contacts)")).to_contain_text("Point sur le retard")
    expect(learner.locator("section:has(#utop-contacts)")).to_contain_text("Maud Formatrice")
