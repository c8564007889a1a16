"""Open Badge Factory as its clients know it, API v1."""

import json
import secrets
import time
from typing import Any, ClassVar

from demo.fakes.http_server import Call, FakeService, Reply, json_reply

TOKEN_SECONDS = 36000


class FakeOpenBadgeFactory(FakeService):
    """Badges are there from the beginning; events are what was issued."""

    routes: ClassVar = (
        ("POST", "/v1/client/oauth2/token", "token"),
        ("GET", "/v1/ping/([^/]+)", "ping"),
        ("GET", "/v1/badge/([^/]+)", "badges_of"),
        ("POST", "/v1/badge/([^/]+)/([^/]+)", "issue"),
        ("GET", "/v1/event/([^/]+)", "list_events"),
        ("GET", "/v1/event/([^/]+)/([^/]+)", "read_event"),
        ("DELETE", "/v1/event/([^/]+)/([^/]+)/", "revoke"),
    )

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.client_id, self.client_secret = "NMCLIENT", secrets.token_hex(8)
        self.badges = {"NMBADGE1": "Transition numérique", "NMBADGE2": "Autre badge"}
        self.events: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()

    def expire_tokens(self) -> None:
        """Every token is refused from now on."""
        self.tokens.clear()

    def token(self, call: Call) -> Reply:
        """By the client's credentials."""
        form = call.form()
        known = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        if form != known:
            return json_reply(400, {"error": "invalid_client"})
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return json_reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})

    def ping(self, call: Call, client: str) -> Reply:
        """The client's id."""
        return self._refusal(call, client) or Reply(200, client.encode())

    def badges_of(self, call: Call, client: str) -> Reply:
        """A line for each badge."""
        lines = [{"id": key, "name": name, "draft": 0} for key, name in self.badges.items()]
        return self._refusal(call, client) or _lines(lines)

    def issue(self, call: Call, client: str, badge: str) -> Reply:
        """An event, whose address is all that is answered; the same call again makes another one."""
        if refusal := self._refusal(call, client):
            return refusal
        if badge not in self.badges:
            return json_reply(404, {"error": "no such badge"})
        asked = call.json()
        recipients = asked.get("recipient")
        if not recipients or not all("@" in each for each in recipients):
            return json_reply(400, {"error": f"invalid recipient {recipients}"})
        identifier = f"PEV{secrets.token_hex(5)}"
        with self.lock:
            self.events[identifier] = {
                "id": identifier,
                "badge_id": badge,
                "name": self.badges[badge],
                "recipient": recipients,
                "issued_on": asked["issued_on"],
                "expires": None,
                "revoked": {},
                "log_entry": asked.get("log_entry", {}),
                "api_consumer_id": asked.get("api_consumer_id"),
            }
        return Reply(201, b"", {"Location": f"/v1/event/{client}/{identifier}"})

    def list_events(self, call: Call, client: str) -> Reply:
        """Those that the query asks for."""
        emails = set(filter(None, call.query.get("email", "").split("|")))
        found = [
            event
            for event in self.events.values()
            if call.query.get("badge_id", event["badge_id"]) == event["badge_id"]
            and call.query.get("api_consumer_id", event["api_consumer_id"]) == event["api_consumer_id"]
            and (not emails or emails & {_email(each) for each in event["recipient"]})
        ]
        first = int(call.query.get("offset", 0))
        return self._refusal(call, client) or _lines(found[first : first + int(call.query.get("limit", 100))])

    def read_event(self, call: Call, client: str, identifier: str) -> Reply:
        """One event."""
        if refusal := self._refusal(call, client):
            return refusal
        event = self.events.get(identifier)
        return json_reply(200, event) if event else json_reply(404, {"error": "no such event"})

    def revoke(self, call: Call, client: str, identifier: str) -> Reply:
        """For the addresses of the query."""
        if refusal := self._refusal(call, client):
            return refusal
        event = self.events.get(identifier)
        if event is None:
            return json_reply(404, {"error": "no such event"})
        for email in call.query.get("email", "").split("|"):
            event["revoked"][email] = int(time.time())
        return Reply(204)

    def _refusal(self, call: Call, client: str) -> Reply | None:
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        if client != self.client_id or token not in self.tokens:
            return json_reply(403, {"Error": "Access denied"})
        return None


def _lines(records: list[dict[str, Any]]) -> Reply:
    text = "".join(f"{json.dumps(record, ensure_ascii=False)}\r\n" for record in records)
    return Reply(200, text.encode(), {"Content-Type": "application/json"})


def _email(recipient: str) -> str:
    return recipient.rpartition("<")[2].rstrip("> ")
