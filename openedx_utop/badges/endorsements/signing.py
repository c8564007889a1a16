"""This installation as an endorser: its word for a badge of somebody else."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.encoding import iri_to_uri

from openedx_utop.badges import addresses, rules
from openedx_utop.badges.proofs import signed
from openedx_utop.organizations.api import ProviderFacts
from openedx_utop.signing_keys import signing_key


class OwnBadge(ValueError):
    """An issuer does not endorse its own badges."""


def signed_endorsement(
    badge: str, comment: str, *, by: ProviderFacts, now: datetime, valid_until: datetime | None = None
) -> dict[str, Any]:
    """Our endorsement of a badge, known by the absolute URL of its achievement; `by`: who speaks.

    Raises OwnBadge, SigningKeyMissing, SigningKeyInvalid, and UnsignableDocument for what is no URL.
    """
    if badge.startswith(addresses.achievements_root()):
        raise OwnBadge(badge)
    document: dict[str, Any] = {
        "@context": rules.CONTEXTS,
        "id": uuid4().urn,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": f"{rules.cleaned(by.name)} – endorsement",
        "issuer": {
            "id": addresses.issuer(),
            "type": ["Profile"],
            "name": rules.cleaned(by.name),
            "url": iri_to_uri(by.url or settings.LMS_ROOT_URL),
        },
        "validFrom": rules.instant(now),
        **({"validUntil": rules.instant(valid_until)} if valid_until else {}),
        "credentialSubject": {
            "id": badge,
            "type": ["EndorsementSubject"],
            "endorsementComment": rules.cleaned(comment),
        },
    }
    return signed(document, signing_key(), created=rules.instant(now))
