"""Talking to a platform over HTTP: a token kept between calls, and every failure told in our words."""

from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any, Final

import requests
from django.core.cache import cache

from openedx_utop.badges.platforms.data import PlatformRefused, PlatformUnavailable

# To connect, and to answer; well under the time for which a delivery is held by one worker.
TIMEOUT_SECONDS: Final = (5, 20)
# A token is renewed before the platform would refuse it.
MARGIN_SECONDS: Final = 60
LONGEST_REASON: Final = 300


class TokenClient(ABC):
    """Calls with a bearer token; one that is refused is renewed once, and the call made once more."""

    expired: int

    def __init__(self, url: str, account: str) -> None:
        self.url = url.rstrip("/")
        self._cache_key = f"utop.badge_platform.{self.url}.{account}"

    def call(self, method: str, path: str, **request: Any) -> requests.Response:
        """The answer to a call that succeeded; raises PlatformRefused and PlatformUnavailable."""
        answer = self._send(method, path, self._token(), request)
        if answer.status_code == self.expired:
            cache.delete(self._cache_key)
            answer = self._send(method, path, self._token(), request)
        return self._accepted(answer)

    @abstractmethod
    def fresh_token(self) -> tuple[str, int]:
        """A token, and for how many seconds it is good."""

    @abstractmethod
    def said(self, body: Any) -> str:
        """The reason in the body of a refusal, as read from JSON."""

    def post_form(self, path: str, form: dict[str, str]) -> Any:
        """What the platform answers to a form sent without a token."""
        return self.json(self._accepted(self._request("POST", path, data=form)))

    @staticmethod
    def json(answer: requests.Response) -> Any:
        """The body, read; raises PlatformUnavailable for what is not JSON, as a proxy's error page."""
        try:
            return answer.json()
        except ValueError:
            raise PlatformUnavailable(f"{answer.status_code}: not JSON") from None

    def _token(self) -> str:
        token = cache.get(self._cache_key)
        if token is None:
            token, seconds = self.fresh_token()
            cache.set(self._cache_key, token, timeout=max(seconds - MARGIN_SECONDS, 1))
        return str(token)

    def _send(self, method: str, path: str, token: str, request: dict[str, Any]) -> requests.Response:
        return self._request(method, path, headers={"Authorization": f"Bearer {token}"}, **request)

    def _request(self, method: str, path: str, **request: Any) -> requests.Response:
        try:
            return requests.request(
                method, f"{self.url}{path}", timeout=TIMEOUT_SECONDS, allow_redirects=False, **request
            )
        except requests.RequestException as error:
            # Not the error's text: it may hold an address with somebody's e-mail.
            raise PlatformUnavailable(type(error).__name__) from error

    def _accepted(self, answer: requests.Response) -> requests.Response:
        status = answer.status_code
        if answer.ok and not answer.is_redirect:
            return answer
        reason = f"{status}: {self._reason(answer)}"
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise PlatformUnavailable(reason, retry_after=_seconds(answer.headers.get("Retry-After", "")))
        raise PlatformRefused(reason)

    def _reason(self, answer: requests.Response) -> str:
        try:
            said = self.said(answer.json())
        except ValueError:
            said = answer.text
        return said.strip()[:LONGEST_REASON]


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
