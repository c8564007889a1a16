"""The key of an endorser: in the name itself (did:key), or on the server that the name stands for (did:web)."""

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements import dids, tokens
from openedx_utop.badges.endorsements.data import KeyNotFound
from openedx_utop.badges.endorsements.fetching import fetched
from openedx_utop.badges.endorsements.forms import MOST_CHARACTERS, Signed, content
from openedx_utop.badges.endorsements.rules import issuer_of, proof


class Key(NamedTuple):
    """The name of a key, and the key: `z6Mk…`, or a JWK as `tokens.jwk_text` writes it."""

    method: str
    public: str


def resolved(signed: Signed) -> Key:
    """The key that it says that it was signed with, in its issuer's name.

    Raises EndorsementRefused, and KeyNotFound, or KeyNotListed where its owner says so.
    """
    did = issuer_of(content(signed))
    if isinstance(signed, str):
        header = tokens.opened(signed, most=MOST_CHARACTERS).header
        name = header.get("kid")
        # A name in the document itself may stand without the document's.
        named = did + name if name and name.startswith("#") else name
        return Key(*dids.jwk_in_document(_document(did), did, named=named, own=header.get("jwk")))
    method = str(proof(signed)["verificationMethod"])
    if did.startswith(dids.DID_KEY):
        return Key(method, dids.key_in_name(did))
    return Key(method, dids.key_in_document(_document(did), did, method))


def _document(did: str) -> Any:
    try:
        return json.loads(fetched(*dids.did_web_address(did)))
    except (ValueError, RecursionError) as error:
        raise KeyNotFound(_("What answers there is no document of {did}.").format(did=did)) from error
