"""Badgr, API v2: Parchment Digital Badges, or a badgr-server of one's own."""

from http import HTTPStatus
from typing import Any

import requests

from openedx_utop.badges.platforms.data import Order, PlatformBadge, PlatformRefused, PlatformUnavailable
from openedx_utop.badges.platforms.http import TokenClient

# What time mends: ours of an earlier attempt is found by the next one, a former one may still be waiting to be revoked,
# and a clock that is behind ours has not come to the date yet.
PASSING = ("previous award", "issuedOn")


class Badgr(TokenClient):
    """An account known by its e-mail and password. An expired token is answered by 401."""

    expired = HTTPStatus.UNAUTHORIZED

    def __init__(
        self, *, username: str, password: str, url: str = "https://api.badges.parchment.com", notify: bool = True
    ) -> None:
        super().__init__(url, username)
        self.username = username
        self.password = password
        self.notify = notify

    def badges(self) -> tuple[PlatformBadge, ...]:
        """The badge classes of the account."""
        found = self._result(self.call("GET", "/v2/badgeclasses"))
        badges = (PlatformBadge(str(badge["entityId"]), str(badge.get("name", ""))) for badge in found)
        return tuple(sorted(badges, key=lambda badge: badge.name))

    def issue(self, order: Order) -> str:
        """The id of the assertion; the platform itself refuses a second one that is live."""
        try:
            answer = self.call("POST", self._assertions(order.badge), json=self._assertion(order))
        except PlatformRefused as refusal:
            if not any(said in str(refusal) for said in PASSING):
                raise
            raise PlatformUnavailable(str(refusal)) from refusal
        return str(self._only(answer)["entityId"])

    def find(self, order: Order) -> str | None:
        """The assertion of this person whose evidence bears our mark."""
        answer = self.call("GET", self._assertions(order.badge), params={"recipient": order.email})
        return next((str(each["entityId"]) for each in self._result(answer) if _bears(each, order.mark)), None)

    def revoke(self, identifier: str, reason: str) -> None:
        """Once; the platform answers 400 to a second time, so it is asked first."""
        path = f"/v2/assertions/{identifier}"
        if not self._only(self.call("GET", path)).get("revoked"):
            self.call("DELETE", path, json={"revocation_reason": reason})

    def fresh_token(self) -> tuple[str, int]:
        """By password, in the body: in the address it is refused, and would be logged."""
        answer = self.post_form("/o/token", {"username": self.username, "password": self.password})
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise PlatformUnavailable("no token") from None

    def said(self, body: Any) -> str:
        """What the envelope says, or the error of the token's address."""
        if not isinstance(body, dict):
            return str(body)
        status = body.get("status")
        described = status.get("description") if isinstance(status, dict) else ""
        parts = [described, body.get("error_description"), body.get("error"), body.get("detail")]
        parts += body.get("validationErrors") or []
        parts += [f"{name}: {text}" for name, text in (body.get("fieldErrors") or {}).items()]
        return " ".join(str(part) for part in parts if part)

    def _assertion(self, order: Order) -> dict[str, Any]:
        return {
            "recipient": {"identity": order.email, "type": "email", "hashed": True},
            "issuedOn": order.issued_at.isoformat(),
            "evidence": [{"url": order.proof, "narrative": order.mark}],
            "notify": self.notify,
            "allowDuplicateAwards": False,
        }

    def _result(self, answer: requests.Response) -> list[dict[str, Any]]:
        body = self.json(answer)
        result = body.get("result") if isinstance(body, dict) else None
        if not isinstance(result, list):
            raise PlatformUnavailable(f"{answer.status_code}: no result")
        return result

    def _only(self, answer: requests.Response) -> dict[str, Any]:
        for each in self._result(answer):
            if each.get("entityId"):
                return each
        raise PlatformUnavailable(f"{answer.status_code}: no entityId")

    @staticmethod
    def _assertions(badge: str) -> str:
        return f"/v2/badgeclasses/{badge}/assertions"


def _bears(assertion: dict[str, Any], mark: str) -> bool:
    return any(mark in str(evidence.get(key)) for evidence in assertion.get("evidence") or () for key in evidence)
