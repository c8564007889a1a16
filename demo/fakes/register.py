"""A stand-in for the public registers of companies: recherche-entreprises, and France compétences' "siro".

Serves over HTTP from a thread of its own; nothing of it is kept on disk.
"""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from demo.fakes.companies import COMPANIES, Company, Json
from demo.fakes.faults import Bucket, Fault, Faults, Trouble
from demo.fakes.search import Refused, answer

RATE = 7
REMEMBERED = 1000
KEY = "fictitious-key"
TOKEN = "fictitious-token"  # noqa: S105
UNEXPECTED = "Une erreur inattendue s'est produite. Veuillez réessayer plus tard."
SIRO, LOGIN, PARTNER = "/siro/v1/public/", "/siropartfc-auth/login", "/siropartfc/v1/api/partenaire/"


class Register(ThreadingHTTPServer):
    """The service. `asked`: path and headers of the last requests, in order."""

    daemon_threads = True

    def __init__(self, companies: Iterable[Company] = COMPANIES, *, rate: float | None = RATE, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.companies = companies
        self.faults = Faults()
        self.bucket = Bucket(rate)
        self.asked: deque[tuple[str, Mapping[str, str]]] = deque(maxlen=REMEMBERED)

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def companies(self) -> tuple[Company, ...]:
        """Those that it knows."""
        return self._companies

    @companies.setter
    def companies(self, companies: Iterable[Company]) -> None:
        self._companies = tuple(companies)
        self._by_number: defaultdict[str, list[Company]] = defaultdict(list)
        for company in self._companies:
            for number in {company.siren, *(site.siret for site in company.sites)}:
                self._by_number[number].append(company)

    def known_under(self, terms: str) -> Sequence[Company]:
        """The companies of a number, found at once however many there are; all of them for whatever else is asked."""
        number = "".join(terms.split())
        return self._by_number.get(number, ()) if number.isdigit() else self._companies

    def __enter__(self) -> Self:
        """Serve until the end of the block."""
        threading.Thread(target=self.serve_forever, args=(0.05,), name="company-register", daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has hung up: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: Register
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        trouble = self.server.faults.next()
        if trouble is not None and not self._survives(trouble):
            return
        if not self.server.bucket.take():
            self._refuse_for(1)
            return
        self._answer()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if urlsplit(self.path).path != LOGIN:
            self._send(HTTPStatus.NOT_FOUND, {"erreur": "Not Found"})
        else:
            self._send_bytes(HTTPStatus.OK, TOKEN.encode(), "text/plain")

    def _survives(self, trouble: Trouble) -> bool:
        """Whether the request is still to be answered."""
        if trouble.fault is Fault.LATENCY:
            time.sleep(trouble.seconds)
            return True
        if trouble.fault is Fault.SERVER_ERROR:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"erreur": UNEXPECTED})
        elif trouble.fault is Fault.TOO_MANY:
            self._refuse_for(trouble.seconds)
        elif trouble.fault is Fault.MALFORMED:
            self._send_bytes(HTTPStatus.OK, b'{"results": [{"siren": "9000', "application/json")
        elif trouble.fault is Fault.EMPTY:
            self._send_bytes(HTTPStatus.OK, b"", "application/json")
        else:
            self.close_connection = True
        return False

    def _refuse_for(self, seconds: float) -> None:
        self._send(HTTPStatus.TOO_MANY_REQUESTS, {"erreur": "Trop de requêtes."}, {"Retry-After": f"{seconds:.0f}"})

    def _answer(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/search":
            asked = dict(parse_qsl(address.query, keep_blank_values=True))
            try:
                self._send(HTTPStatus.OK, answer(self.server.known_under(asked.get("q", "")), asked))
            except Refused as refusal:
                self._send(HTTPStatus.BAD_REQUEST, {"erreur": str(refusal)})
        elif address.path.startswith(SIRO):
            self._answer_fund(address.path.removeprefix(SIRO), self.headers.get("X-Gravitee-Api-Key") == KEY)
        elif address.path.startswith(PARTNER):
            may = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            self._answer_fund(address.path.removeprefix(PARTNER), may)
        else:
            self._send(HTTPStatus.NOT_FOUND, {"detail": "Not Found"})

    def _answer_fund(self, siret: str, may_ask: bool) -> None:
        if not may_ask:
            self._send(HTTPStatus.UNAUTHORIZED, {"message": "Unauthorized", "http_status_code": 401})
        else:
            self._send(HTTPStatus.OK, fund_of(self.server.known_under(siret), siret))

    def _send(self, status: HTTPStatus, body: Json, headers: Mapping[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers)

    def _send_bytes(self, status: HTTPStatus, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


def fund_of(companies: Iterable[Company], siret: str) -> Json:
    """What "siro" says of an establishment; 99: unknown."""
    for company in companies:
        for site in company.sites:
            if site.siret == siret and company.opco is not None:
                code, name = company.opco
                return {
                    "code": "01",
                    "siret": siret,
                    "idcc": (site.idccs or ("",))[0].zfill(4) if site.idccs else "",
                    "opcoRattachement": {"code": code, "nom": name},
                    "opcoGestion": {"code": "N/C", "nom": "N/C"},
                }
    return {"code": "99", "siret": siret}
