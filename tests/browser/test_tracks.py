"""An author gives a trade a module: ticks, totals that follow, the review, writing, and the way back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import COURSE, DESKTOP, PHONE, Open, Site, overflow, violations

# Milliseconds: how slow a machine may be without failing the test.
PATIENCE = 30_000
MODULE = "sequential@alimentaire_08"
EVERYBODY, HEALTH, FOOD = "0", "101", "105"


def checked(page: Page) -> Page:
    """The page, once axe found nothing on it and it does not scroll sideways."""
    assert violations(page) == []
    assert overflow(page) == []
    return page


def test_a_module_is_given_to_another_trade_and_taken_back(site: Site, open_as: Open) -> None:
    page = open_as("ada", DESKTOP)
    page.goto(f"{site.url}utop/authoring/{COURSE}/")
    minutes = page.locator(f'[data-total=minutes] [data-group="{HEALTH}"] [data-figure]')
    before = int(minutes.inner_text())
    page.locator(f'[name=cell][value="{MODULE}|{HEALTH}"]').check()
    expect(minutes).to_have_text(str(before + 15), timeout=PATIENCE)
    page.locator(f'[name=cell][value="{MODULE}|{EVERYBODY}"]').check()
    expect(page.locator(f'[name=cell][value="{MODULE}|{FOOD}"]')).not_to_be_checked()
    page.locator(f'[name=cell][value="{MODULE}|{FOOD}"]').check()
    expect(page.locator(f'[name=cell][value="{MODULE}|{EVERYBODY}"]')).not_to_be_checked()
    page.locator(f'[name=cell][value="{MODULE}|{HEALTH}"]').check()
    page.locator("[name=action][value=review]").click()
    expect(page.locator(f'form[action$="/authoring/{COURSE}/write/"]')).to_be_visible(timeout=PATIENCE)
    checked(page).locator(f'form[action$="/authoring/{COURSE}/write/"] button').first.click()
    expect(page.locator(".utop-messages")).to_be_visible(timeout=PATIENCE)

    page.goto(f"{site.url}utop/authoring/{COURSE}/preview/?group={HEALTH}")
    expect(page.locator("main li li")).to_have_count(35, timeout=PATIENCE)
    checked(page)
    page.goto(f"{site.url}utop/authoring/{COURSE}/versions/")
    checked(page).locator('form[action$="/restore/"] button').last.click()
    page.locator(f'form[action$="/authoring/{COURSE}/write/"] button').first.click()
    expect(page.locator(".utop-messages")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(f'[name=cell][value="{MODULE}|{HEALTH}"]')).not_to_be_checked()


def test_the_table_is_folded_cards_on_a_phone_and_whole_on_paper(site: Site, open_as: Open) -> None:
    page = open_as("ada", PHONE)
    page.goto(f"{site.url}utop/authoring/{COURSE}/")
    section = page.locator(f'tbody:has([data-name="{MODULE}"])')
    row = section.locator(f'[data-name="{MODULE}"]')
    own, other = (row.locator(f'td:has([value="{MODULE}|{group}"])') for group in (FOOD, HEALTH))
    expect(row).to_be_hidden(timeout=PATIENCE)
    # Some four screens; unfolded it was forty.
    assert page.evaluate("document.documentElement.scrollHeight") < 5 * PHONE[1]
    checked(page)
    section.locator("summary").first.press("Enter")
    expect(own).to_be_visible()
    expect(other).to_be_hidden()
    row.locator("summary").press("Enter")
    expect(other).to_be_visible()
    row.locator("summary").press("Enter")
    own.locator("input").uncheck()
    expect(own).to_be_visible()
    checked(page)
    page.goto(f"{site.url}utop/authoring/{COURSE}/#{MODULE}")
    page.reload()
    expect(own).to_be_visible()
    page.goto(f"{site.url}utop/authoring/{COURSE}/")
    page.emulate_media(media="print")
    expect(other).to_be_visible()


def test_a_module_is_for_one_level_and_the_totals_follow(site: Site, open_as: Open) -> None:
    page = open_as("ada", DESKTOP)
    try:
        turn_levels(page, site, on=True)
        way = page.locator(f'tr[data-way="{FOOD}"][data-level="-1"] [data-sum=minutes]')
        before = int(way.inner_text())
        page.locator(f'[name=cell][value="{MODULE}|-1"]').uncheck()
        expect(way).to_have_text(str(before - 15), timeout=PATIENCE)
        checked(page).locator(f'[name=cell][value="{MODULE}|-1"]').check()
        expect(way).to_have_text(str(before), timeout=PATIENCE)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        expect(way).to_be_hidden()
        assert overflow(page) == []
    finally:
        turn_levels(page, site, on=False)


def turn_levels(page: Page, site: Site, *, on: bool) -> None:
    """All levels or none, from the form to the message; the others in this demonstration know of none."""
    page.goto(f"{site.url}utop/authoring/{COURSE}/")
    form = page.locator(f'form[action$="/authoring/{COURSE}/levels/"]')
    form.evaluate("form => { form.closest('details').open = true; }")
    for level in ("beginner", "intermediate", "advanced"):
        form.locator(f"[value={level}]").set_checked(on)
    form.locator("button").click()
    page.locator("[name=confirmed]").wait_for(state="attached")
    form.locator("button").click()
    expect(page.locator(".utop-messages")).to_be_visible(timeout=PATIENCE)
