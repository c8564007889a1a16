"""The demonstration, started as a newcomer starts it, and a browser in front of it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, StorageState

from tests.chromium import launched, new_context

ROOT = Path(__file__).resolve().parents[2]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
COURSE = "course-v1:UTOP+TPEPME+2027"
PHONE, DESKTOP = (360, 640), (1280, 800)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def usage(block_type: str, name: str) -> str:
    """A usage key of the demonstration's course."""
    return f"block-v1:UTOP+TPEPME+2027+type@{block_type}+block@{name}"


@dataclass(frozen=True)
class Site:
    """The running demonstration, and what it had taken when it was ready."""

    url: str
    processor_seconds: float
    resident_kilobytes: int

    def unit(self, name: str) -> str:
        """The course page of a unit."""
        return f"{self.url}courses/{COURSE}/{usage('vertical', name)}/"


def processor_seconds(pid: int) -> float:
    """What a process and its children had of the processors so far, which other processes do not change."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident_kilobytes(pid: int) -> int:
    """Of a process in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`python -m demo serve` on a free port, with data of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {**os.environ, "PORT": port, "UTOP_DEMO_DATA": str(tmp_path_factory.mktemp("demo"))}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-W", "ignore", "-m", "demo", "serve"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            ready = next((line for line in server.stdout if line.startswith("ready: ")), "")
            assert ready == f"ready: http://127.0.0.1:{port}/\n"
            taken = processor_seconds(server.pid), resident_kilobytes(server.pid)
            yield Site(ready.removeprefix("ready: ").strip(), *taken)
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with launched() as browser:
        yield browser


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser) -> Callable[[str], StorageState]:
    """The cookies of an account of the home page, signed in there once."""

    @cache
    def _signed_in(account: str) -> StorageState:
        context = new_context(chromium)
        page = context.new_page()
        page.goto(site.url)
        page.locator(f'form:has(input[value="{account}"]) button').click()
        page.wait_for_url("**/courses/")
        state = context.storage_state()
        context.close()
        return state

    return _signed_in


@pytest.fixture
def open_as(site: Site, chromium: Browser, signed_in: Callable[[str], StorageState]) -> Iterator[Open]:
    """`open_as("camille", PHONE)`: the catalogue, signed in as an account of the home page; or that page, as nobody.

    Whatever goes wrong in its scripts fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def _open(account: str = "", size: tuple[int, int] = DESKTOP, language: str = "fr-FR") -> Page:
        state = signed_in(account) if account else None
        viewport = {"width": size[0], "height": size[1]}
        context = new_context(chromium, viewport=viewport, locale=language, storage_state=state)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{site.url}courses/" if account else site.url)
        return page

    yield _open
    for context in contexts:
        context.close()
    assert errors == []


def violations(page: Page) -> list[str]:
    """What axe finds in the page and in its frames."""
    return [found for frame in page.frames if frame.url.startswith("http") for found in _axe(frame)]


def _axe(frame: Frame) -> list[str]:
    frame.wait_for_load_state()
    frame.evaluate(AXE)
    script = "(tags) => axe.run(document, {runOnly: tags, iframes: false, resultTypes: ['violations']})"
    found: dict[str, Any] = frame.evaluate(script, WCAG)
    return [f"{frame.url} {item['id']}: {node['html'][:200]}" for item in found["violations"] for node in item["nodes"]]


def overflow(page: Page) -> list[str]:
    """The page and those of its frames that would scroll sideways."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    frames = (frame for frame in page.frames if frame.url.startswith("http"))
    return [f"{frame.url}: {wider}" for frame in frames if (wider := frame.evaluate(script)) > 0]
