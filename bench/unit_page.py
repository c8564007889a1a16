"""A unit's page in Chromium that nobody but the measurement watches, from a server of its own."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Browser

BEAT_SECONDS = 30
UNIT = f"""<!doctype html><title>Unit</title><div><div class=utop-lease data-utop-lease=x data-utop-beats-url=/beats/
 data-utop-leases-url=/leases/ data-utop-script=/beat.js data-utop-beat-seconds={BEAT_SECONDS}
 data-utop-idle-seconds=180 data-utop-media-seconds=1200 data-utop-question=? data-utop-answer=!></div>
{"<p>Text</p>" * 400}</div><script defer src=/beat.js></script>"""
ANSWER = {"status": "credited", "credited": 15, "next": BEAT_SECONDS, "lease": "x" * 300}


class UnitPage:
    """A tab that Playwright knows nothing of: what is told to it of each request would be the page's own work."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._cdp = cdp = browser.new_browser_cdp_session()
        self._answers: dict[int, dict[str, Any]] = {}
        self._calls = 0
        context = cdp.send("Target.createBrowserContext")["browserContextId"]
        target = cdp.send("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        self._session = cdp.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        cdp.on("Target.receivedMessageFromTarget", self._hear)
        self._ask("Performance.enable", timeDomain="threadTicks")
        self._tell("Page.navigate", url=url)

    def milliseconds(self) -> dict[str, float]:
        """What the main thread did so far, by kind of work."""
        metrics = self._ask("Performance.getMetrics")["metrics"]
        return {each["name"]: 1000 * each["value"] for each in metrics if each["name"].endswith("Duration")}

    def move_pointer(self, x: int, y: int) -> None:
        """As a mouse does."""
        self._tell("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def turn_wheel(self, pixels: int) -> None:
        """Downwards."""
        self._tell("Input.dispatchMouseEvent", type="mouseWheel", x=400, y=200, deltaX=0, deltaY=pixels)

    def _tell(self, method: str, **parameters: Any) -> int:
        self._calls += 1
        message = json.dumps({"id": self._calls, "method": method, "params": parameters})
        self._cdp.send("Target.sendMessageToTarget", {"sessionId": self._session, "message": message})
        return self._calls

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        call = self._tell(method, **parameters)
        while call not in self._answers:
            # Answers are heard while something else is asked.
            self._cdp.send("Browser.getVersion")
            time.sleep(0.01)
        return self._answers[call]

    def _hear(self, event: dict[str, Any]) -> None:
        answer = json.loads(event["message"])
        if "id" in answer:
            self._answers[answer["id"]] = answer["result"]


@contextmanager
def served(script: str) -> Iterator[str]:
    """The address of a unit's page with this script, which answers its beats."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, script))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    def __init__(self, script: str, *connection: Any) -> None:
        self._script = script
        super().__init__(*connection)

    def do_GET(self) -> None:
        if self.path == "/beat.js":
            self._answer(self._script, "text/javascript")
        else:
            self._answer(UNIT, "text/html")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(json.dumps(ANSWER), "application/json")

    def _answer(self, body: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_words: Any) -> None:
        """Nothing."""
