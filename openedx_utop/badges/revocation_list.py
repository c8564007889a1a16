"""Revocation as 1EdTech's own method has it: the revoked credentials by their address, each with the reason."""

from collections.abc import Iterable
from typing import Any

from openedx_utop.badges.terms import REVOCATION_LIST

Json = dict[str, Any]


def entry(address: str) -> Json:
    """What a credential says of its list; `address` is the absolute URL of the list."""
    return {"id": address, "type": REVOCATION_LIST}


def list_document(address: str, issuer: str, revoked: Iterable[tuple[str, str]]) -> Json:
    """The list; `revoked`: addresses of credentials, and why."""
    return {
        "id": address,
        "issuer": issuer,
        "revokedCredential": [
            {"id": credential, "revoked": True, "revocationReason": reason} for credential, reason in revoked
        ],
    }
