"""What the identities of endorsers (DIDs) say: where their documents are, and which keys these let sign for them."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements.data import KeyNotFound, KeyNotListed
from openedx_utop.badges.endorsements.tokens import jwk_text
from openedx_utop.signing_keys import ED25519_PUBLIC, SEED_BYTES, from_multibase, multibase

DID_WEB = re.compile(r"did:web:(?P<host>[A-Za-z0-9.-]+)(?P<port>%3A\d{1,5})?(?P<path>(:[A-Za-z0-9._%-]+)*)")
DID_KEY = "did:key:"

Json = dict[str, Any]


def did_web_address(did: str) -> tuple[str, int | None, str]:
    """Host, port (None: that of HTTPS) and path of the document of a did:web; raises KeyNotFound."""
    found = DID_WEB.fullmatch(did)
    if not found or ".." in unquote(found["path"]):
        raise KeyNotFound(_("{did} is neither did:web nor did:key.").format(did=did))
    port = int(found["port"].removeprefix("%3A")) if found["port"] else None
    folders = found["path"].replace(":", "/") or "/.well-known"
    return found["host"], port, f"{folders}/did.json"


def host_in(did: str) -> str:
    """The server that a did:web names, with its port if it has one; empty for any other DID."""
    try:
        host, port, _path = did_web_address(did)
    except KeyNotFound:
        return ""
    return f"{host}:{port}" if port else host


def key_in_name(did: str) -> str:
    """The public key that a did:key is, `z6Mk…`; raises KeyNotFound."""
    return _checked(did.removeprefix(DID_KEY))


def key_in_document(document: Any, did: str, method: str) -> str:
    """The public key of this name that a DID document lets sign for it, `z6Mk…`; raises KeyNotFound, KeyNotListed."""
    for found in _signing(document, did):
        if _absolute(found.get("id"), did) == method:
            return _key(found)
    raise KeyNotListed(_("The endorser does not list the key {method}.").format(method=method))


def jwk_in_document(document: Any, did: str, *, named: str | None, own: Json | None) -> tuple[str, str]:
    """The name and the JWK, as `jwk_text` has it, of the key that signs tokens for it: of this name, or like this one.

    Raises KeyNotFound and KeyNotListed.
    """
    for found in _signing(document, did):
        name = _absolute(found.get("id"), did)
        is_like = own is not None and isinstance(found.get("publicKeyJwk"), dict) and _same_key(found, own)
        if name and (name == named if named else is_like):
            return name, jwk_text(found.get("publicKeyJwk"))
    raise KeyNotListed(_("The endorser does not list the key {method}.").format(method=named or "jwk"))


def _same_key(method: Json, own: Json) -> bool:
    try:
        return jwk_text(method["publicKeyJwk"]) == jwk_text(own)
    except KeyNotFound:
        return False


def _signing(document: Any, did: str) -> Iterator[Json]:
    """The methods of a DID document that sign in its name; raises KeyNotFound."""
    if not isinstance(document, dict) or document.get("id") != did:
        raise KeyNotFound(_("What answers there is no document of {did}.").format(did=did))
    allowed = document.get("assertionMethod")
    for entry in allowed if isinstance(allowed, list) else []:
        yield from (found for found in _methods(document, entry) if found.get("controller") == did)


def _methods(document: Json, entry: Any) -> Iterator[Json]:
    if isinstance(entry, dict):
        yield entry
    listed = document.get("verificationMethod")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and _absolute(each.get("id"), document["id"]) == _absolute(entry, document["id"]):
            yield each


def _absolute(name: Any, did: str) -> str | None:
    if not isinstance(name, str):
        return None
    return did + name if name.startswith("#") else name


def _key(method: Json) -> str:
    jwk = method.get("publicKeyJwk")
    if isinstance(jwk, dict) and (jwk.get("kty"), jwk.get("crv")) == ("OKP", "Ed25519"):
        text = str(jwk.get("x"))
        try:
            return _checked(multibase(ED25519_PUBLIC + urlsafe_b64decode(text + "=" * (-len(text) % 4))))
        except ValueError as error:
            raise KeyNotFound(_("The endorser’s key is no Ed25519 key.")) from error
    return _checked(str(method.get("publicKeyMultibase")))


def _checked(multikey: str) -> str:
    try:
        key = from_multibase(multikey)
    except ValueError:
        key = b""
    if not key.startswith(ED25519_PUBLIC) or len(key) != len(ED25519_PUBLIC) + SEED_BYTES:
        raise KeyNotFound(_("The endorser’s key is no Ed25519 key."))
    return multikey
