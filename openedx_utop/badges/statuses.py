"""Status lists: where a credential's revocation is looked up, written anew when it changes, never when it is read."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from openedx_utop.badges import addresses, bitstring, revocation_list
from openedx_utop.badges.data import UnknownStatusList
from openedx_utop.badges.models import StatusList
from openedx_utop.badges.proofs import holds, signed
from openedx_utop.badges.rules import instant
from openedx_utop.badges.tokens import Claims, token, token_key
from openedx_utop.organizations.api import RevocationMethod
from openedx_utop.signing_keys import known_multikeys, signing_key

# A list in which so many random places in a row are taken is more than half full.
ATTEMPTS = 16


class ServedList(NamedTuple):
    """A list as JSON, and as a token (VC-JWT), empty if there is none."""

    document: str
    token: str


@dataclass(frozen=True)
class Place:
    """A place in a list; `entry` is what the credential says of it. A list of addresses has no numbered places."""

    list_id: int
    index: int | None
    entry: Mapping[str, Any]


def free_place(method: RevocationMethod = RevocationMethod.BITSTRING, *, now: datetime) -> Place:
    """A place that no credential has, random where it has a number, in a new list if the newest fills up.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    (place,) = free_places(method, 1, now=now)
    return place


def free_places(
    method: RevocationMethod, count: int, *, now: datetime, is_of_endorsements: bool = False
) -> list[Place]:
    """As many places, none of them twice; raises SigningKeyMissing and SigningKeyInvalid."""
    known = StatusList.objects.defer("document", "token").filter(method=method, is_of_endorsements=is_of_endorsements)
    newest = known.order_by("-pk").first() or _new_list(method, now, is_of_endorsements=is_of_endorsements)
    address = addresses.status_list_address(newest.uuid)
    if method == RevocationMethod.LIST:
        return [Place(newest.pk, None, revocation_list.entry(address))] * count
    indexes = _free_indexes(newest, count)
    places = [Place(newest.pk, index, bitstring.entry(address, index)) for index in indexes]
    if len(places) < count:
        _new_list(method, now, is_of_endorsements=is_of_endorsements)
        places += free_places(method, count - len(places), now=now, is_of_endorsements=is_of_endorsements)
    return places


def _free_indexes(status_list: StatusList, count: int) -> set[int]:
    """Random ones; fewer than asked for if the list fills up."""
    found: set[int] = set()
    for _attempt in range(ATTEMPTS):
        drawn = {secrets.randbelow(bitstring.BITS) for _place in range(count - len(found))}
        holders = status_list.given_endorsements if status_list.is_of_endorsements else status_list.credentials
        found |= drawn - set(holders.filter(status_index__in=drawn).values_list("status_index", flat=True))
        if len(found) == count:
            break
    return found


def locked_list(list_id: int) -> StatusList:
    """The list, which nobody else changes until the transaction ends."""
    return StatusList.objects.select_for_update().get(pk=list_id)


def note_revocation(status_list: StatusList, address: str, index: int | None, reason: str, *, now: datetime) -> None:
    """Say in a list that is locked that what has this address, or this place, is revoked.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    former = json.loads(status_list.document)
    if status_list.method == RevocationMethod.LIST:
        known = {each["id"]: each["revocationReason"] for each in former["revokedCredential"]}
        known[address] = reason
        status_list.document = _listed(status_list.uuid, known)
    elif index is not None:
        encoded = bitstring.with_bit(former["credentialSubject"]["encodedList"], index)
        status_list.document, status_list.token = _signed_list(status_list.uuid, encoded, now)
    status_list.save(update_fields=["document", "token"])


def list_document(uuid: UUID) -> str:
    """The list, byte for byte as it was written, signed if it is one of bits; raises UnknownStatusList."""
    return served_list(uuid).document


def served_list(uuid: UUID) -> ServedList:
    """The list in the forms in which it was written; raises UnknownStatusList."""
    for row in StatusList.objects.filter(uuid=uuid).values_list("document", "token"):
        return ServedList(*row)
    raise UnknownStatusList(uuid)


def complete_lists(*, now: datetime) -> int:
    """Sign as tokens the lists of bits written before there was a key for it; how many.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    bare = StatusList.objects.filter(method=RevocationMethod.BITSTRING, token="").values_list("pk", flat=True)
    return sum(_complete(list_id, now) for list_id in bare) if token_key() else 0


def _complete(list_id: int, now: datetime) -> bool:
    with transaction.atomic():
        found = locked_list(list_id)
        encoded = json.loads(found.document)["credentialSubject"]["encodedList"]
        found.document, found.token = _signed_list(found.uuid, encoded, now)
        found.save(update_fields=["document", "token"])
    return bool(found.token)


def is_listed_as_revoked(credential: Mapping[str, Any]) -> bool | None:
    """What the list that a credential names says, read as strangers read it; None if it names none to be believed.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    entry = credential.get("credentialStatus", {})
    address = entry.get("statusListCredential") or entry.get("id", "")
    try:
        listed = json.loads(list_document(UUID(address.rpartition("/")[2])))
    except (ValueError, UnknownStatusList):
        return None
    if "revokedCredential" in listed:
        return credential["id"] in {each["id"] for each in listed["revokedCredential"]}
    if not any(holds(listed, multikey=multikey) for multikey in known_multikeys()):
        return None
    return bitstring.has_bit(listed["credentialSubject"]["encodedList"], int(entry["statusListIndex"]))


def _new_list(method: RevocationMethod, now: datetime, *, is_of_endorsements: bool) -> StatusList:
    uuid = uuid4()
    is_named = method == RevocationMethod.LIST
    document, signed_token = (_listed(uuid, {}), "") if is_named else _signed_list(uuid, bitstring.no_bit(), now)
    return StatusList.objects.create(
        uuid=uuid, method=method, is_of_endorsements=is_of_endorsements, document=document, token=signed_token
    )


def _listed(uuid: UUID, revoked: Mapping[str, str]) -> str:
    address = addresses.status_list_address(uuid)
    document = revocation_list.list_document(address, addresses.issuer(), revoked.items())
    return json.dumps(document, ensure_ascii=False)


def _signed_list(uuid: UUID, encoded: str, now: datetime) -> tuple[str, str]:
    """As JSON, and as a token where there is a key for it."""
    address, issuer, moment, key = addresses.status_list_address(uuid), addresses.issuer(), instant(now), token_key()
    document = bitstring.list_document(address, issuer, encoded, valid_from=moment)
    claims = Claims(issuer, address, document["credentialSubject"]["id"], moment)
    as_token = token(json.dumps(document), claims, key) if key else ""
    return json.dumps(signed(document, signing_key(), created=moment)), as_token
