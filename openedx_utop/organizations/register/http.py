"""One question to a register over HTTP, retried as far as that is polite."""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ResponseError
from urllib3.util import Retry

from openedx_utop.organizations.register.data import Json, NoAnswer
from openedx_utop.organizations.register.pace import REST, Pace

USER_AGENT = "openedx-utop (+https://github.com/openedx)"
RETRIES = 2
RETRIED = (429, 500, 502, 503, 504)
# Seconds that the register may make us wait before the next try: a person is waiting, or nobody is.
SHORT_WAIT, LONG_WAIT = 3, 10

logger = logging.getLogger(__name__)


class PoliteRetry(Retry):
    """Waits for as long as the server asks, and gives up at once where that is too long."""

    longest_wait = SHORT_WAIT

    def increment(self, *args: Any, **kwargs: Any) -> "PoliteRetry":
        """Raises MaxRetryError, on which the answer itself is handed over."""
        response = kwargs.get("response")
        if response is not None and _seconds_asked(response.headers) > self.longest_wait:
            raise MaxRetryError(kwargs["_pool"], str(args[1]), ResponseError("asks to wait too long"))
        return super().increment(*args, **kwargs)


class PatientRetry(PoliteRetry):
    """For work that nobody waits for."""

    longest_wait = LONG_WAIT


def ask(
    pace: Pace,
    url: str,
    parameters: Sequence[tuple[str, str]] = (),
    *,
    headers: Mapping[str, str] | None = None,
    is_patient: bool = False,
) -> Json | None:
    """The JSON object answered, None for 404; raises NoAnswer, and then the register is left alone for a while."""
    timeout = settings.UTOP_COMPANY_REGISTER_TIMEOUT_SECONDS
    pace.take_turn(rate=settings.UTOP_COMPANY_REGISTER_RATE, patience=LONG_WAIT if is_patient else SHORT_WAIT)
    try:
        answer = _session(is_patient=is_patient).get(
            url, params=list(parameters), headers=dict(headers or {}), timeout=timeout, allow_redirects=False
        )
        body = _body(answer)
    except (requests.RequestException, HTTPError) as error:
        pace.failed()
        raise _no_answer(url, error) from error
    if answer.status_code in RETRIED:
        pace.failed(rest=_seconds_asked(answer.headers) or REST)
        raise _no_answer(url, f"status {answer.status_code}")
    pace.answered()
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return None
    if answer.status_code != HTTPStatus.OK:
        raise _no_answer(url, f"status {answer.status_code}: {answer.text[:200]}")
    return body


def _body(answer: requests.Response) -> Json:
    """Raises JSONDecodeError for what is no JSON object, where one is due."""
    if answer.status_code != HTTPStatus.OK:
        return {}
    body = answer.json()
    if not isinstance(body, dict):
        raise requests.JSONDecodeError("not a JSON object", answer.text[:200], 0)
    return body


def _no_answer(url: str, why: object) -> NoAnswer:
    logger.warning("The register at %s did not answer: %s", url.partition("?")[0], why)
    return NoAnswer(str(why))


def _seconds_asked(headers: Mapping[str, str]) -> float:
    """What Retry-After says; 0 if it says nothing that can be read."""
    asked = headers.get("Retry-After")
    try:
        return float(Retry().parse_retry_after(asked)) if asked else 0
    except InvalidHeader:
        return 0


@lru_cache(maxsize=2)
def _session(*, is_patient: bool) -> requests.Session:
    """Connections kept open by this process."""
    retry = (PatientRetry if is_patient else PoliteRetry)(
        total=RETRIES,
        read=0,
        status_forcelist=RETRIED,
        backoff_factor=0.2,
        raise_on_status=False,
        allowed_methods={"GET"},
    )
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session
