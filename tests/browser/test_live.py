"""A half-day signed on a phone with the code on the trainer's screen, and the pages around it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import COURSE, DESKTOP, PHONE, Open, Site, overflow, violations

TODAY = "Atelier du jour"


def sheet_address(page: Page, site: Site, title: str) -> str:
    page.goto(f"{site.url}utop/live/{COURSE}/sessions/")
    page.locator("summary").press("Enter")
    card = page.locator("section", has=page.get_by_role("heading", name=title))
    return site.url + (card.locator("a[href*='/half-days/']").first.get_attribute("href") or "").lstrip("/")


def check(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == []


def test_scan_and_one_tap(site: Site, open_as: Open) -> None:
    screen, phone = open_as("maud", DESKTOP), open_as("camille", PHONE)
    sheet = sheet_address(screen, site, TODAY)
    screen.clock.install()
    screen.goto(sheet + "code/")
    check(screen)
    code = re.sub(r"\s", "", screen.locator(".utop-code__digits").inner_text())
    screen.evaluate("document.title = 'not reloaded'")

    phone.goto(f"{sheet}sign/?code={code}")
    check(phone)
    button = phone.locator("button.utop-button--large")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE[1]
    button.click()
    expect(phone.locator(".utop-status--good")).to_be_visible()
    check(phone)

    with screen.expect_response(sheet + "code/"):
        screen.clock.run_for(16_000)
    expect(screen.locator("#utop-live-code")).to_contain_text(re.compile(r"\b1 "))
    expect(screen).to_have_title("not reloaded")


def test_pages_of_a_trainer(site: Site, open_as: Open) -> None:
    page = open_as("maud", PHONE)
    sheet = sheet_address(page, site, "médiathèque")
    check(page)
    page.goto(sheet)
    handle, table = page.locator(".utop-fold > summary"), page.locator("table")
    handle.press("Enter")
    expect(table).to_be_visible()
    check(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    handle.evaluate("element => { element.parentElement.open = false; }")
    expect(table).to_be_visible()
    expect(handle).to_be_hidden()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for address in (f"{site.url}utop/live/{COURSE}/sessions/new/", sheet, sheet + "print/", sheet + "import/"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        check(page)


def test_sessions_of_a_learner(site: Site, open_as: Open) -> None:
    page = open_as("dominique", PHONE)
    page.goto(f"{site.url}utop/live/{COURSE}/")
    signed = page.locator(".utop-status--good", has_text="Signé").first
    expect(signed).to_be_hidden()
    page.locator("summary").press("Enter")
    expect(signed).to_be_visible()
    check(page)
