"""The author's editor of badges, by keyboard, on a phone."""

from playwright.sync_api import expect

from tests.browser.conftest import COURSE, PHONE, Open, Site, overflow, violations


def test_a_picture_is_drawn_and_skills_are_found_while_typing(site: Site, open_as: Open) -> None:
    page = open_as("ada", PHONE)
    page.goto(f"{site.url}utop/authoring/{COURSE}/badges/")
    page.locator(".utop-award a").first.press("Enter")
    page.locator("[name=picture][value=drawn]").press("Space")
    page.locator("[name=symbol][value=chart]").press("Space")
    text, picture = page.locator("[name=picture_text]"), page.locator(".utop-editor__drawn img")
    text.fill("漢字")
    expect(page.locator(".utop-editor__drawn [role=status]")).to_contain_text("漢")
    text.fill("Numérique")
    expect(picture).to_have_js_property("naturalWidth", 600)
    expect(picture).to_be_visible()
    search = page.locator("#utop-q")
    kept = page.locator("#utop-chosen [name=skills]").count()
    search.fill("1.1")
    search.press("Enter")
    found = page.locator("#utop-found [name=skills]").first
    number = found.get_attribute("value")
    found.press("Space")
    search.fill("2.1")
    expect(page.locator("#utop-found [name=skills]").first).not_to_have_value(number or "")
    expect(page.locator("#utop-chosen :checked")).to_have_count(kept + 1)
    page.locator(".utop-actions [value=look]").press("Enter")
    expect(page.locator(".utop-editor__preview img").first).to_have_js_property("naturalWidth", 600)
    expect(page.locator(f"#utop-chosen [value='{number}']")).to_be_checked()
    assert violations(page) == []
    assert overflow(page) == []
