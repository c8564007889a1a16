"""Somebody of HR lists a person; that person accepts, and is in the course."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import COURSE, PHONE, Open, Site, overflow, violations


def test_from_the_list_to_the_course(site: Site, open_as: Open) -> None:
    page = open_as("yael", PHONE)
    page.goto(f"{site.url}utop/enrolment/{COURSE}/")
    page.locator("#utop-list").fill("lou.marchand@example.org;Marchand;Lou;;hotel\npas-une-adresse")
    page.locator("form[enctype] button").click()
    expect(page.locator("#utop-verdicts ~ table tbody tr")).to_have_count(2)
    assert violations(page) == []
    assert overflow(page) == []
    page.locator('form[action$="/apply/"] button').click()
    page.wait_for_url(re.compile(r"/lists/"))
    page.locator("a.utop-button").click()
    expect(page.locator("#utop-seats ~ table")).to_contain_text("lou.marchand@example.org")
    link = _link(site, open_as)

    learner = open_as("noa", PHONE)
    learner.goto(link)
    assert violations(learner) == []
    assert overflow(learner) == []
    learner.locator('input[name="confirms_address"]').check()
    learner.locator("main form button").click()
    learner.wait_for_url(f"**/courses/{COURSE}/")
    page.reload()
    expect(page.locator(".utop-status--good")).to_have_count(1)


def _link(site: Site, open_as: Open) -> str:
    """Of the message, which leaves a moment after the list is applied."""
    visitor = open_as()
    found = visitor.locator("article a[href*='/utop/invitation/']")

    for _attempt in range(200):
        visitor.goto(f"{site.url}mail/")
        if found.count():
            break
    return str(found.first.get_attribute("href"))
