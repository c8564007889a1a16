"""This installation as an endorser: its word for a badge of somebody else, which it can take back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.encoding import iri_to_uri

from openedx_utop.badges import addresses, rules, statuses
from openedx_utop.badges.data import ReasonMissing
from openedx_utop.badges.endorsements.data import UnknownEndorsement
from openedx_utop.badges.endorsements.models import GivenEndorsement
from openedx_utop.badges.proofs import signed
from openedx_utop.badges.statuses import Place
from openedx_utop.badges.terms import contexts
from openedx_utop.badges.tokens import Claims, token, token_key
from openedx_utop.organizations.api import ProviderFacts
from openedx_utop.signing_keys import signing_key


class OwnBadge(ValueError):
    """An issuer does not endorse its own badges."""


def give_endorsement(
    badge: str, comment: str, *, by: ProviderFacts, now: datetime, valid_until: datetime | None = None
) -> GivenEndorsement:
    """Our endorsement of a badge, of one learner's credential or of an issuer, by its URL or DID; `by`: who speaks.

    Raises OwnBadge, SigningKeyMissing, SigningKeyInvalid, and UnsignableDocument for what is neither URL nor DID.
    """
    if addresses.is_ours(badge):
        raise OwnBadge(badge)
    with transaction.atomic():
        (place,) = statuses.free_places(by.revocation_method, 1, now=now, is_of_endorsements=True)
        identifier, key = uuid4(), token_key()
        validity = {"validFrom": now, **({"validUntil": valid_until} if valid_until else {})}
        unsigned = {
            **_said(identifier, by, place, validity),
            "credentialSubject": {
                "id": badge,
                "type": ["EndorsementSubject"],
                "endorsementComment": rules.cleaned(comment),
            },
        }
        claims = Claims(addresses.issuer(), identifier.urn, badge, unsigned["validFrom"], unsigned.get("validUntil"))
        return GivenEndorsement.objects.create(
            uuid=identifier,
            provider_id=by.provider_id,
            badge=badge,
            document=_json(signed(unsigned, signing_key(), created=rules.instant(now))),
            token=token(_json(unsigned), claims, key) if key else "",
            given_at=now,
            status_list_id=place.list_id,
            status_index=place.index,
        )


def take_back(identifier: UUID, reason: str, *, by: int | None, now: datetime) -> bool:
    """Say in our status list that our word no longer holds; False if it was said before. `by`: LMS user id, or None.

    Raises UnknownEndorsement, ReasonMissing, SigningKeyMissing and SigningKeyInvalid.
    """
    stated = rules.cleaned(reason).strip()
    if not stated:
        raise ReasonMissing
    with transaction.atomic():
        found = GivenEndorsement.objects.select_for_update().filter(uuid=identifier).first()
        if found is None:
            raise UnknownEndorsement(identifier)
        if found.withdrawn_at:
            return False
        found.withdrawn_at, found.withdrawal_reason, found.withdrawn_by = now, stated, by
        found.save(update_fields=["withdrawn_at", "withdrawal_reason", "withdrawn_by"])
        listed = statuses.locked_list(found.status_list_id)
        statuses.note_revocation(listed, identifier.urn, found.status_index, stated, now=now)
    return True


def _said(identifier: UUID, by: ProviderFacts, place: Place, validity: Mapping[str, datetime]) -> dict[str, Any]:
    """All but of what it is, and the comment."""
    return {
        "@context": contexts(place.entry, has_tokens=False),
        "id": identifier.urn,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": f"{rules.cleaned(by.name)} – endorsement",
        "issuer": {
            "id": addresses.issuer(),
            "type": ["Profile"],
            "name": rules.cleaned(by.name),
            "url": iri_to_uri(by.url or settings.LMS_ROOT_URL),
        },
        **{name: rules.instant(moment) for name, moment in validity.items()},
        "credentialStatus": dict(place.entry),
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
