"""Carries messages between beat.js, in Chromium, and the server, in virtual time."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.accuracy import server
from bench.accuracy.visits import Visit

SCRIPT = Path(__file__).parents[2] / "openedx_utop" / "static" / "openedx_utop" / "beat.js"
HARNESS = Path(__file__).parent / "harness.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# Answers are handed to the pages at these moments, in milliseconds.
TICK = 2000
NEVER = 10**12


@dataclass(frozen=True)
class Network:
    """How many messages are lost, as shares; those sent when a page opens, hides, shows or closes are edges.

    Of what is lost, three in ten reach the server and only the answer is lost.
    """

    beats: float = 0.02
    edges: float = 0.15


@dataclass
class Post:
    """What is under way: messages to the server, then answers to the pages."""

    network: Network
    random: Random

    def __post_init__(self) -> None:
        """Nothing is under way yet."""
        self._way_in: list[tuple[int, int, dict[str, Any]]] = []
        self._way_out: list[tuple[int, int, dict[str, Any]]] = []

    def take(self, message: dict[str, Any]) -> None:
        """Send a message, or lose it."""
        share = self.network.edges if message["edge"] else self.network.beats
        lost = self.random.random() < share
        message["answered"] = not lost
        if lost and self.random.random() >= 0.3:
            self._hand_over(message["at"], {"id": message["id"], "status": 0})
            return
        delay = min(3000, round(self.random.lognormvariate(4.4, 0.6)))
        heappush(self._way_in, (message["at"] + delay, message["id"], message))

    def deliver(self, until: int) -> None:
        """Let the server deal with what has arrived by then."""
        while self._way_in and self._way_in[0][0] <= until:
            at, number, message = heappop(self._way_in)
            found = _answer(message, at)
            self._hand_over(at, {"id": number, **(found if message["answered"] else {"status": 0})})

    def answers(self, until: int) -> list[dict[str, Any]]:
        """What the pages learn by then."""
        found = []
        while self._way_out and self._way_out[0][0] <= until:
            found.append(heappop(self._way_out)[2])
        return found

    @property
    def next(self) -> int:
        """When something arrives next, on either side."""
        return min([NEVER, *(-(-way[0][0] // TICK) * TICK for way in (self._way_in, self._way_out) if way)])

    def _hand_over(self, at: int, answer: dict[str, Any]) -> None:
        heappush(self._way_out, (at, answer["id"], answer))


def counted(visits: Sequence[Visit], network: Network, seed: int) -> list[int]:
    """The milliseconds that the product counts of each visit."""
    with sync_playwright() as playwright, server.intake():
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_script_tag(content=HARNESS.read_text(encoding="utf-8"))
        scripts = json.dumps([[tab.actions for tab in visit.tabs] for visit in visits])
        page.evaluate(
            "([source, visits, seed]) => { window.advance = window.World(source, JSON.parse(visits), seed); }",
            [SCRIPT.read_text(encoding="utf-8"), scripts, seed],
        )
        _run(page, Post(network, Random(seed)))
        browser.close()
        return [server.credited(visit) for visit in range(len(visits))]


def _run(page: Page, post: Post) -> None:
    now, over = 0, False
    while not over:
        post.deliver(now)
        call = json.dumps([TICK, post.answers(now), post.next])
        told = json.loads(
            page.evaluate("async (call) => JSON.stringify(await window.advance(...JSON.parse(call)))", call)
        )
        now, over = told["now"], told["over"]
        for message in told["messages"]:
            post.take(message)


def _answer(message: dict[str, Any], now: int) -> dict[str, Any]:
    """The server's answer; a page that opens shows, for a lease, what one is issued for: it was issued then."""
    fields = json.loads(message["body"])
    lease = _lease(fields["lease"])
    if not message["beat"]:
        return {"status": 200, "body": {"lease": server.renewed(lease, now)}}
    return server.answer(json.dumps({**fields, "lease": lease}), now)


def _lease(text: str) -> str:
    if text.count("/") != 2:
        return text
    visit, opened, idle = map(int, text.split("/"))
    return server.lease(visit, idle, opened)
