"""Badges whose time is over, and who renews them."""

from datetime import datetime

from openedx_utop.badges.data import CredentialFacts
from openedx_utop.badges.expiry.data import Expired
from openedx_utop.organizations.api import provider


def expired(credential: CredentialFacts | None, *, now: datetime) -> Expired | None:
    """When the badge ended and who renews it; None while it holds, and once it is revoked."""
    if credential is None or credential.revocation or credential.expires_at is None or not credential.has_expired(now):
        return None
    host = provider(credential.award.action.provider_id)
    return Expired(credential.expires_at, host.name, host.email)
