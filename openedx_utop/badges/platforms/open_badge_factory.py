"""Open Badge Factory, API v1 (https://openbadgefactory.com)."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from openedx_utop.badges.platforms.data import Order, PlatformBadge, PlatformRefused, PlatformUnavailable
from openedx_utop.badges.platforms.http import TokenClient

# How we name ourselves in every event, so that ours are told from those of others.
CONSUMER = "openedx-utop"
PAGE = 100


class OpenBadgeFactory(TokenClient):
    """An account known by its client id and secret. An expired token is answered by 403."""

    expired = HTTPStatus.FORBIDDEN

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        url: str = "https://openbadgefactory.com/v1",
        send_email: bool = True,
    ) -> None:
        super().__init__(url, client_id)
        self.client_id = client_id
        self.client_secret = client_secret
        self.send_email = send_email

    def badges(self) -> tuple[PlatformBadge, ...]:
        """Those that are no drafts and may be issued from outside."""
        answer = self.call("GET", f"/badge/{self.client_id}", params={"draft": 0, "external": 1})
        found = (PlatformBadge(str(line["id"]), str(line.get("name", ""))) for line in _lines(answer))
        return tuple(sorted(found, key=lambda badge: badge.name))

    def issue(self, order: Order) -> str:
        """One event per person: the id of the event."""
        answer = self.call("POST", f"/badge/{self.client_id}/{order.badge}", json=self._event(order))
        identifier = urlsplit(answer.headers.get("Location", "")).path.rstrip("/").rpartition("/")[2]
        if not identifier:
            raise PlatformUnavailable(f"{answer.status_code}: no Location")
        return identifier

    def find(self, order: Order) -> str | None:
        """There is no key against duplicates, so our mark is looked for in the events of this badge and person."""
        asked = {"api_consumer_id": CONSUMER, "badge_id": order.badge, "email": order.email}
        return next((str(event["id"]) for event in self._events(asked) if _mark(event) == order.mark), None)

    def revoke(self, identifier: str, reason: str) -> None:  # noqa: ARG002 - the platform keeps no reason
        """For everybody in the event, who is one person."""
        path = f"/event/{self.client_id}/{identifier}"
        event = next(_lines(self.call("GET", path)), None)
        if event is None:
            raise PlatformRefused(f"no event {identifier}")
        emails = [_address(recipient) for recipient in event.get("recipient", ())]
        if set(emails) - set(event.get("revoked") or {}):
            self.call("DELETE", f"{path}/", params={"email": "|".join(emails)})

    def fresh_token(self) -> tuple[str, int]:
        """By the client's own credentials."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        answer = self.post_form("/client/oauth2/token", form)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise PlatformUnavailable("no token") from None

    def said(self, body: Any) -> str:
        """`error`, written in either case."""
        return str(body.get("error") or body.get("Error") or body) if isinstance(body, dict) else str(body)

    def _event(self, order: Order) -> dict[str, Any]:
        return {
            "recipient": [f"{_plain(order.name)} <{order.email}>"],
            "issued_on": int(order.issued_at.timestamp()),
            "send_email": int(self.send_email),
            "api_consumer_id": CONSUMER,
            "log_entry": {"utop_credential": order.mark, "proof": order.proof},
            "show_report": 1,
        }

    def _events(self, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            page = {**asked, "limit": PAGE, "offset": offset}
            lines = list(_lines(self.call("GET", f"/event/{self.client_id}", params=page)))
            yield from lines
            if len(lines) < PAGE:
                return
            offset += PAGE


def _lines(answer: requests.Response) -> Iterator[dict[str, Any]]:
    """A JSON object per line, or an array of them, or one over several lines."""
    answer.encoding = "utf-8"
    text = answer.text.strip()
    try:
        read = json.loads(text) if text else []
        records = read if isinstance(read, list) else [read]
    except ValueError:
        try:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise PlatformUnavailable(f"{answer.status_code}: not JSON") from None
    return iter(records)


def _mark(event: dict[str, Any]) -> str:
    entry = event.get("log_entry")
    return str(entry.get("utop_credential", "")) if isinstance(entry, dict) else ""


def _plain(name: str) -> str:
    """A name that cannot be read as an address."""
    return " ".join("".join(" " if character in "<>|,;\r\n" else character for character in name).split())


def _address(recipient: str) -> str:
    return recipient.rpartition("<")[2].rstrip("> ").strip()
