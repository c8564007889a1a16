"""The learner's path, from one end to the other."""

import json
import re
import time
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import COURSE, PHONE, Open, Site
from tests.chromium import PATIENCE_MS

# By slug: what a title of the trade's modules begins with.
OTHER_TRADES = ("sante", "ess", "banque", "alimentaire")


def modules(page: Page) -> list[str]:
    """The addresses of the modules in the outline beside the unit."""
    links = page.locator("#outline a").all()
    return [link.get_attribute("href") or "" for link in links]


def follow(page: Page, name: str, unit: str) -> None:
    """To a unit, until the scripts of its blocks listen."""
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(f"/courses/.*{unit}"))


def test_a_company_leads_to_a_trade_and_the_outline_to_its_modules(site: Site, open_as: Open) -> None:
    page = open_as("camille", PHONE)
    page.goto(f"{site.url}courses/{COURSE}/")
    expect(page.locator("a.module")).to_have_count(8)
    expect(page.get_by_text("≈")).to_have_count(8)
    follow(page, "Commencer", "tronc_01")
    unit = page.frame_locator("iframe")
    unit.get_by_label("SIRET").fill("900 000 001 00017")
    unit.locator("form:has(input) button[type=submit], form:has(input) button").first.click()
    expect(unit.get_by_text("Hôtellerie et restauration").first).to_be_visible()
    unit.get_by_role("button", name=re.compile("confirme|oui|c’est", re.IGNORECASE)).first.click()
    expect(page.locator("#outline a")).to_have_count(16)
    assert sum("hotel_" in address for address in modules(page)) == 8
    assert not any(f"@{trade}_" in address for address in modules(page) for trade in OTHER_TRADES)
    stranger = page.request.get(f"{site.url}xblock/block-v1:UTOP+TPEPME+2027+type@vertical+block@banque_01_lecon")
    assert stranger.status == 404


def test_time_is_counted_while_the_unit_is_open(site: Site, open_as: Open) -> None:
    """The server's clock is a real one, and the first beat comes after 27 to 30 seconds of the page's."""
    page = open_as("dominique")
    started = time.monotonic()
    with page.expect_response("**/utop/api/v1/beats/") as first:
        page.goto(site.unit("banque_03_lecon"))
    assert first.value.status == 200
    with page.expect_response("**/utop/api/v1/beats/", timeout=2 * PATIENCE_MS) as second:
        page.mouse.wheel(0, 20)
    assert second.value.json()["status"] == "credited"
    assert 15 < second.value.json()["credited"] < time.monotonic() - started


def test_what_is_missing_is_listed(site: Site, open_as: Open) -> None:
    page = open_as("dominique")
    page.goto(site.url + "utop/")
    expect(page.locator("main")).to_contain_text("Le jour du sinistre")


def test_the_last_module_brings_badge_and_certificate_unasked(site: Site, open_as: Open) -> None:
    page = open_as("sacha")
    page.goto(site.unit("sante_08_lecon"))
    page.frame_locator("iframe").locator(".edge").last.scroll_into_view_if_needed()
    expect(page.locator("#units .tick--done")).to_have_count(1)
    follow(page, "Suivant", "sante_08_question")
    answer_rightly(page.frame_locator("iframe"))
    expect(page.locator("#units .tick--done")).to_have_count(2)

    page.goto(site.url + "utop/")
    for _attempt in range(PATIENCE_MS // 1_000):
        if page.locator('a[href*="/utop/documents/"]').count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    document = page.locator('a[href*="/utop/documents/"]').first.get_attribute("href")
    assert page.request.get(urljoin(site.url, str(document))).body().startswith(b"%PDF-")
    credential = page.locator('a[href*="/utop/credentials/"]').first.get_attribute("href")
    check_badge(site, str(credential))


def answer_rightly(frame: FrameLocator) -> None:
    """The two questions of the last module of health and social care."""
    frame.get_by_text("La part est passée de 6 % à 8 %").click()
    frame.locator(".problem select").select_option(index=right_option(frame))
    frame.get_by_role("button", name="Valider").click()
    expect(frame.locator(".notification.success")).to_be_visible()


def right_option(frame: FrameLocator) -> int:
    """Where the right answer stands in the list."""
    options = frame.locator(".problem select option").all_inner_texts()
    return next(index for index, text in enumerate(options) if "intervenantes" in text)


def check_badge(site: Site, address: str) -> None:
    """A stranger reads the badge as JSON."""
    identifier = re.search(r"credentials/([0-9a-f-]{36})", address)
    assert identifier
    with urlopen(Request(f"{site.url}utop/credentials/{identifier[1]}.json")) as answer:
        badge = json.load(answer)
    assert "OpenBadgeCredential" in badge["type"]
    assert [proof["cryptosuite"] for proof in badge["proof"]] == ["eddsa-rdfc-2022"]


def test_strangers_open_what_was_issued(site: Site, open_as: Open) -> None:
    page = open_as()
    issued = {"sample-attestation": b"%PDF-", "sample-credential": b"", "sample-verification": b""}
    for identifier, start in issued.items():
        address = page.locator(f"#{identifier}").get_attribute("href")
        answer = page.request.get(urljoin(site.url, str(address)))
        assert answer.status == 200
        assert answer.body().startswith(start)
