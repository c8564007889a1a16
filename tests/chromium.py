"""Chromium for the tests that need one, with patience for a busy machine: no wait is longer than what it waits for.

`UTOP_TEST_SLOWDOWN=6` makes the pages' processors that many times slower, to find what races.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PROGRAM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE_MS = 60_000
SLOWDOWN = int(os.environ.get("UTOP_TEST_SLOWDOWN", "1"))

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """A browser until the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=PROGRAM, args=[*ARGUMENTS, *arguments], timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Cookies and storage of its own."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    if SLOWDOWN > 1:
        context.on("page", _slow_down)
    return context


def _slow_down(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
