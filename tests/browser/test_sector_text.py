"""One passage in the words of each trade: written by keyboard, read on a phone."""

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import PHONE, Open, Site, overflow, usage, violations

BLOCK = usage("utop_sector_text", "tronc_07_chez_vous")
HOTEL, OTHERS = "Hôtellerie et restauration", "Économie sociale et solidaire"


def editor_of(page: Page, site: Site) -> FrameLocator:
    page.goto(f"{site.url}studio/block/{BLOCK}/")
    return page.frame_locator('iframe[src*="studio_view"]')


def save(page: Page, frame: FrameLocator) -> None:
    """The page comes again once it is saved."""
    with page.expect_navigation():
        frame.locator(".save-button").press("Enter")


def test_an_author_empties_and_writes_a_version_by_keyboard(site: Site, open_as: Open) -> None:
    page = open_as("ada")
    frame = editor_of(page, site)
    summary = frame.locator("summary", has_text=HOTEL)
    text = frame.get_by_label(f"HTML, {HOTEL}")
    expect(text).to_be_hidden()
    summary.press("Enter")
    expect(text).to_be_visible()
    summary.press("Tab")
    expect(text).to_be_focused()

    text.press("Control+A")
    text.press("Delete")
    default = frame.locator("summary strong").first.inner_text()
    expect(summary).to_contain_text(default)
    page.keyboard.type("<p>Vos <b>hôtes</b></p>")
    expect(summary).not_to_contain_text(default)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    preview = frame.frame_locator("details:has(summary:has-text('Hôtellerie')) iframe")
    expect(preview.locator("b")).to_have_text("hôtes")
    assert violations(page) == []

    save(page, frame)
    expect(frame.get_by_label(f"HTML, {HOTEL}")).to_have_value("<p>Vos <b>hôtes</b></p>")


def test_an_author_reads_as_each_trade(site: Site, open_as: Open) -> None:
    page = open_as("ada", PHONE)
    page.goto(f"{site.url}studio/block/{BLOCK}/")
    frame = page.frame_locator('iframe[src*="author_view"]')
    expect(frame.get_by_text("le motif d’une aide")).to_be_hidden()
    frame.locator("select").select_option(label=OTHERS)
    expect(frame.get_by_text("le motif d’une aide")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == []


def test_learners_read_the_words_of_their_trade(site: Site, open_as: Open) -> None:
    for account, words in (("sacha", "données de santé"), ("alix", "le badge dit qui peut entrer")):
        page = open_as(account, PHONE)
        page.goto(site.unit("tronc_07_lecon"))
        expect(page.frame_locator("iframe").locator(".utop-text")).to_contain_text(words)
        assert violations(page) == []
        assert overflow(page) == []
