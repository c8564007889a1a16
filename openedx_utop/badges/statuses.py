"""Status lists: where a credential's bit stands, and the list signed anew when a bit changes, never when it is read."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from openedx_utop.badges import addresses, bitstring
from openedx_utop.badges.data import UnknownStatusList
from openedx_utop.badges.models import Credential, StatusList
from openedx_utop.badges.proofs import signed
from openedx_utop.badges.rules import instant
from openedx_utop.signing_keys import signing_key

# A list in which so many random places in a row are taken is more than half full.
ATTEMPTS = 16


@dataclass(frozen=True)
class Place:
    """A place in a list; `address` is the absolute URL of the list."""

    list_id: int
    address: str
    index: int


def free_place(*, now: datetime) -> Place:
    """A random place that no credential has, in a new list if the newest fills up.

    Raises SigningKeyMissing and SigningKeyInvalid.
    """
    newest = StatusList.objects.defer("document").order_by("-pk").first() or _new_list(now)
    for _attempt in range(ATTEMPTS):
        index = secrets.randbelow(bitstring.BITS)
        if not Credential.objects.filter(status_list=newest, status_index=index).exists():
            return _place(newest, index)
    return _place(_new_list(now), secrets.randbelow(bitstring.BITS))


def locked_list(list_id: int) -> StatusList:
    """The list, which nobody else changes until the transaction ends."""
    return StatusList.objects.select_for_update().get(pk=list_id)


def set_bit(status_list: StatusList, index: int, *, now: datetime) -> None:
    """Revoke what has this place, in a list that is locked; raises SigningKeyMissing and SigningKeyInvalid."""
    encoded = json.loads(status_list.document)["credentialSubject"]["encodedList"]
    status_list.document = _signed_list(status_list.uuid, bitstring.with_bit(encoded, index), now)
    status_list.save(update_fields=["document"])


def list_document(uuid: UUID) -> str:
    """The signed list, byte for byte as it was signed; raises UnknownStatusList."""
    document = StatusList.objects.filter(uuid=uuid).values_list("document", flat=True).first()
    if document is None:
        raise UnknownStatusList(uuid)
    return document


def _place(status_list: StatusList, index: int) -> Place:
    return Place(status_list.pk, addresses.status_list_address(status_list.uuid), index)


def _new_list(now: datetime) -> StatusList:
    uuid = uuid4()
    return StatusList.objects.create(uuid=uuid, document=_signed_list(uuid, bitstring.no_bit(), now))


def _signed_list(uuid: UUID, encoded: str, now: datetime) -> str:
    address, moment = addresses.status_list_address(uuid), instant(now)
    document = bitstring.list_document(address, addresses.issuer(), encoded, valid_from=moment)
    return json.dumps(signed(document, signing_key(), created=moment))
