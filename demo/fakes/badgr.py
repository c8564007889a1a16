"""Badgr as its clients know it, API v2."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from demo.fakes.http_server import Call, FakeService, Reply, json_reply

TOKEN_SECONDS = 86400
DUPLICATE = "A previous award of this badge already exists for this recipient."


class FakeBadgr(FakeService):
    """Badge classes are there from the beginning; assertions are what was issued."""

    routes: ClassVar = (
        ("POST", "/o/token", "token"),
        ("GET", "/v2/badgeclasses", "badges_of"),
        ("POST", "/v2/badgeclasses/([^/]+)/assertions", "issue"),
        ("GET", "/v2/badgeclasses/([^/]+)/assertions", "list_assertions"),
        ("GET", "/v2/assertions/([^/]+)", "read_assertion"),
        ("DELETE", "/v2/assertions/([^/]+)", "revoke"),
    )

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.username, self.password = "badges@example.org", secrets.token_hex(8)
        self.badges = {"BC1transition": "Transition numérique"}
        self.assertions: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)

    def expire_tokens(self) -> None:
        """Every token is refused from now on."""
        self.tokens.clear()

    def token(self, call: Call) -> Reply:
        """By e-mail and password, in the body."""
        form = call.form()
        if call.query or {"username", "password"} - set(form):
            return json_reply(400, {"error": "invalid_request"})
        if (form["username"], form["password"]) != (self.username, self.password):
            return json_reply(401, {"error": "invalid_grant", "error_description": "Invalid credentials given."})
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return json_reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})

    def badges_of(self, call: Call) -> Reply:
        """The badge classes."""
        found = [{"entityType": "BadgeClass", "entityId": key, "name": name} for key, name in self.badges.items()]
        return self._refusal(call) or _envelope(200, found)

    def issue(self, call: Call, badge: str) -> Reply:
        """An assertion, unless it is of the future, or a live one is there and duplicates are not allowed."""
        if refusal := self._refusal(call) or self._missing(badge):
            return refusal
        asked = call.json()
        identity = asked.get("recipient", {}).get("identity", "")
        if "@" not in identity:
            return _error(400, fields={"recipient": ["Enter a valid email address."]})
        if datetime.fromisoformat(asked["issuedOn"]) > self.clock():
            return _error(400, fields={"issuedOn": ["Only past dates are acceptable."]})
        with self.lock:
            live = (each for each in self._held(badge, identity) if not each["revoked"])
            if not asked.get("allowDuplicateAwards", True) and any(live):
                return _error(400, validation=[DUPLICATE])
            identifier = secrets.token_urlsafe(8)
            self.assertions[identifier] = {
                "entityType": "Assertion",
                "entityId": identifier,
                "openBadgeId": f"{self.url}/public/assertions/{identifier}",
                "badgeclass": badge,
                "recipient": {"identity": identity, "type": "email", "hashed": True},
                "issuedOn": asked["issuedOn"],
                "evidence": asked.get("evidence", []),
                "revoked": False,
                "revocationReason": None,
            }
        return _envelope(201, [self.assertions[identifier]])

    def list_assertions(self, call: Call, badge: str) -> Reply:
        """Those of a recipient."""
        held = self._held(badge, call.query.get("recipient", ""))
        return self._refusal(call) or self._missing(badge) or _envelope(200, held)

    def read_assertion(self, call: Call, identifier: str) -> Reply:
        """One assertion; what one may not see is not found."""
        found = self.assertions.get(identifier)
        return self._refusal(call) or (_envelope(200, [found]) if found else _error(404))

    def revoke(self, call: Call, identifier: str) -> Reply:
        """Once, and for a reason."""
        if refusal := self._refusal(call):
            return refusal
        found = self.assertions.get(identifier)
        if found is None:
            return _error(404)
        reason = call.json().get("revocation_reason")
        if not reason:
            return _error(400, fields={"revocation_reason": ["This field is required."]})
        if found["revoked"]:
            return _error(400, validation=["Assertion is already revoked."])
        found.update(revoked=True, revocationReason=reason)
        return _envelope(200, [found])

    def _held(self, badge: str, identity: str) -> list[dict[str, Any]]:
        return [
            each
            for each in self.assertions.values()
            if each["badgeclass"] == badge and identity in {"", each["recipient"]["identity"]}
        ]

    def _missing(self, badge: str) -> Reply | None:
        return None if badge in self.badges else _error(404)

    def _refusal(self, call: Call) -> Reply | None:
        if call.headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens:
            return None
        return _error(401)


def _envelope(status: int, result: list[dict[str, Any]]) -> Reply:
    return json_reply(status, {"status": {"success": True, "description": "ok"}, "result": result})


def _error(status: int, *, fields: dict[str, list[str]] | None = None, validation: list[str] | None = None) -> Reply:
    body: dict[str, Any] = {"status": {"success": False, "description": "bad request"}, "result": []}
    if fields or validation:
        body |= {"fieldErrors": fields or {}, "validationErrors": validation or []}
    return json_reply(status, body)
