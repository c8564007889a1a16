"""What the presence script costs the learner's browser, by Chromium's own count."""

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from bench.figures import Figure

SCRIPT = Path(__file__).parent.parent / "openedx_utop" / "static" / "openedx_utop" / "beat.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SITE = "http://unit.test/"
# A minute of reading, with its two beats; the pointer moves during a tenth of it.
SECONDS, BEAT_SECONDS = 60, 30
ROUNDS = 3
# What two beats cost, were there nothing else: no script that sends them costs less.
BARE = """setInterval(() => fetch("/beats/", { method: "POST", body: "{}", keepalive: true }), 27000)"""
UNIT = f"""<!doctype html><title>Unit</title><div><div data-utop-lease=x data-utop-beats-url=/beats/
 data-utop-leases-url=/leases/ data-utop-beat-seconds={BEAT_SECONDS} data-utop-idle-seconds=180
 data-utop-media-seconds=1200 data-utop-question=? data-utop-answer=!></div>{"<p>Text</p>" * 400}</div>
<script type=module src=/beat.js></script>"""
ANSWER = {"status": "credited", "credited": 15, "next": BEAT_SECONDS, "lease": "x"}


def figures() -> Iterator[Figure]:
    """Processor time of the main thread, in milliseconds per minute of reading: the least that a round took.

    Others who use the machine, and its caches, make it more.
    """
    ours = _milliseconds_per_minute(SCRIPT.read_text(encoding="utf-8"))
    yield Figure("script.milliseconds_per_minute", ours, 1.0, less_is_better=True)
    yield Figure("script.vs_bare_requests", ours / _milliseconds_per_minute(BARE), 2.0, less_is_better=True)


def _milliseconds_per_minute(script: str) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route(f"{SITE}**", partial(_serve, script))
        page.goto(SITE)
        page.wait_for_timeout(1000)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        rounds = [_spent(page, cdp) for _ in range(ROUNDS)]
        browser.close()
    return min(rounds) * 1000


def _spent(page: Page, cdp: CDPSession) -> float:
    before = _script_seconds(cdp)
    _read(page)
    return _script_seconds(cdp) - before


def _serve(script: str, route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if path == "beat.js":
        route.fulfill(body=script, content_type="text/javascript")
    elif path == "beats/":
        route.fulfill(json=ANSWER)
    else:
        route.fulfill(body=UNIT, content_type="text/html")


def _read(page: Page) -> None:
    """Every ten seconds the pointer moves for one, at 60 Hz, and the wheel turns twice."""
    started = time.monotonic()
    for second in range(0, SECONDS, 10):
        for step in range(60):
            page.mouse.move(100 + step * 5, 200 + second)
            _sleep_until(started + second + step / 60)
        for turn in (3, 6):
            _sleep_until(started + second + turn)
            page.mouse.wheel(0, 300)
        _sleep_until(started + second + 10)


def _sleep_until(instant: float) -> None:
    time.sleep(max(0, instant - time.monotonic()))


def _script_seconds(cdp: CDPSession) -> float:
    """Of the page's main thread, spent in scripts: there is only ours."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "ScriptDuration")
