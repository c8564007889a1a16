"""What the presence script costs the learner's browser, by Chromium's own count of the processor time it took.

Four pages are read side by side, by the same gestures: one with the script; one that only sends as many requests; one
that is woken as often as the script's and sends as many requests from a worker, but does nothing else; one without any
script, which costs nothing by this count. Whatever else the machine does meanwhile slows all four.

A page is woken some 25 times per minute of reading: six times by a timer, without which every move of the pointer would
be heard (60 in a second, 0.011 ms each); six times by the first gesture after that; some seven times because something
came into view or went out of it; twice by the worker's answer. Each time costs 0.015 to 0.06 ms before anything is
done, because nothing of it is in the processor's caches any more; the third page shows their sum on this machine.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figure
from bench.unit_page import BEAT_SECONDS, UnitPage, served
from tests.chromium import launched

SCRIPT = Path(__file__).parent.parent / "openedx_utop" / "static" / "openedx_utop" / "beat.js"
# A minute of reading has two beats; the pointer moves during a tenth of it, and the wheel turns twelve times.
MINUTE, MINUTES = 60, 4
# What two beats cost a page that sends them itself, were there nothing else.
BARE = (
    f"""setInterval(() => fetch("/beats/", {{ method: "POST", body: "{{}}", keepalive: true }}), {BEAT_SECONDS}000)"""
)
# What Chromium asks for being woken as often, whatever is done then.
WOKEN = f"""if (self.document) {{
  const rest = () => {{ for (const name of ["mousemove", "wheel"]) document.removeEventListener(name, rest, true); }};
  const hear = () => {{ for (const name of ["mousemove", "wheel"]) document.addEventListener(name, rest, true); }};
  hear();
  setInterval(hear, 10000);
  const screen = new IntersectionObserver(() => {{}});
  document.querySelectorAll("p").forEach((element, rank) => rank % 14 || screen.observe(element));
  const worker = new Worker("/beat.js");
  worker.onmessage = () => {{}};
  setInterval(() => worker.postMessage(0), {BEAT_SECONDS}000);
}} else {{
  const send = () => fetch("/beats/", {{ method: "POST", body: "{{}}", keepalive: true }});
  onmessage = () => send().then((answer) => answer.json()).then(postMessage);
}}"""
READ, SENT, LEAST, IDLE = "the script", "bare requests", "woken as often", "no script"


def figures() -> Iterator[Figure]:
    """Milliseconds of the main thread per minute of reading, in scripts: the least that a minute took.

    That is all that runs in JavaScript and what it calls. What the browser does besides for the script's sake, such as
    to find out what is on the screen, is in the table on the standard error, beside what a page without script costs.
    """
    minutes = _measured({READ: SCRIPT.read_text(encoding="utf-8"), SENT: BARE, LEAST: WOKEN, IDLE: ""})
    _print_table(minutes)
    ours, bare, least = (min(minute["ScriptDuration"] for minute in minutes[name][1:]) for name in (READ, SENT, LEAST))
    yield Figure("script.milliseconds_per_minute", ours, 1.0, less_is_better=True)
    yield Figure("script.vs_bare_requests", ours / bare, 2.0, less_is_better=True)
    yield Figure("script.vs_woken_as_often", ours / least, 2.0, less_is_better=True)


Minute = Mapping[str, float]


def _measured(scripts: Mapping[str, str]) -> dict[str, list[Minute]]:
    """Of each page: what its opening cost, then each minute, in milliseconds by kind of work."""
    with ExitStack() as opened:
        browser = opened.enter_context(launched())
        pages = {name: UnitPage(browser, opened.enter_context(served(script))) for name, script in scripts.items()}
        time.sleep(2)
        spent = {name: [page.milliseconds()] for name, page in pages.items()}
        for _minute in range(MINUTES):
            _read(list(pages.values()))
            for name, page in pages.items():
                spent[name].append(page.milliseconds())
    return {name: list(map(_less, each, [{}, *each])) for name, each in spent.items()}


def _less(after: Minute, before: Minute) -> Minute:
    return {kind: value - before.get(kind, 0) for kind, value in after.items()}


def _read(pages: list[UnitPage]) -> None:
    """Every ten seconds the pointer moves for one, at 60 Hz, and the wheel turns twice, there and back."""
    started = time.monotonic()
    for second in range(0, MINUTE, 10):
        for step in range(60):
            for page in pages:
                page.move_pointer(100 + step * 5, 200 + second)
            _sleep_until(started + second + step / 60)
        for turn in (3, 6):
            _sleep_until(started + second + turn)
            for page in pages:
                page.turn_wheel(300 if turn == 3 or second % 20 else -300)
        _sleep_until(started + second + 10)


def _sleep_until(instant: float) -> None:
    time.sleep(max(0, instant - time.monotonic()))


def _print_table(minutes: Mapping[str, list[Minute]]) -> None:
    print("  main thread, ms: opening, then each minute; in scripts | in all", file=sys.stderr)
    for name, each in minutes.items():
        rows = ("".join(f"{minute[kind]:>9.2f}" for minute in each) for kind in ("ScriptDuration", "TaskDuration"))
        print(f"  {name:<14}{'  |'.join(rows)}", file=sys.stderr)
