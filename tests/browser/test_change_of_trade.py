"""Another trade, from the block in its unit: by keyboard, on a phone, and told to who cannot see it."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, Site, overflow, violations


def test_a_learner_changes_their_trade_by_keyboard_and_back(site: Site, open_as: Open) -> None:
    page = open_as("noa", PHONE)
    page.goto(site.unit("tronc_01_metier"))
    unit = page.frame_locator("iframe")
    expect(unit.locator('[data-held="hotel"]')).to_have_count(1)
    for slug in ("sante", "hotel"):
        unit.locator("details.utop-card > summary").first.focus()
        page.keyboard.press("Enter")
        unit.locator(f'input[name="sector"][value="{slug}"]').first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(unit.locator(f'[data-held="{slug}"]')).to_have_count(1)
        expect(unit.locator("[data-said]")).to_be_focused()
    assert violations(page) == []
    assert overflow(page) == []
