"""Data Integrity proofs with `eddsa-rdfc-2022` (W3C), over bundled contexts: nothing is ever fetched."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.templates import ABSOLUTE_IRI, Templates
from openedx_utop.signing_keys import ED25519_PUBLIC, SigningKey, from_multibase, multibase

CONTEXTS = Path(__file__).parent / "contexts"
CONTEXT_FILES = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}
CRYPTOSUITE = "eddsa-rdfc-2022"
# What relative addresses and unknown types are resolved against, so that its scheme gives them away.
RELATIVE = "relative:"

# PyLD shares a cache of contexts between threads without a lock of its own.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Texts:
    """An unsigned document: as compact JSON, as RDFC-1.0 writes it, and its contexts, as JSON."""

    json: str
    canonical: str
    contexts: str


@dataclass(frozen=True)
class Options:
    """What a proof says besides its signature: the members, the same as JSON, and their canonical hash."""

    members: dict[str, str]
    json: str
    hash: bytes


def signed(document: Mapping[str, Any], key: SigningKey, *, created: str) -> dict[str, Any]:
    """The document with its proof; `created` is an XML dateTime. The issuer's id comes from the document.

    Raises UnsignableDocument if JSON-LD drops a term or a relative address, for a signature would not cover it.
    """
    options = _options(json.dumps(document["@context"]), document["issuer"]["id"], key.multikey, created)
    return {**document, "proof": [{**options.members, "proofValue": _signature(canonical(document), options, key)}]}


def signed_text(texts: Texts, issuer: str, key: SigningKey, *, created: str) -> str:
    """The JSON text of the document with its proof."""
    options = _options(texts.contexts, issuer, key.multikey, created)
    signature = _signature(texts.canonical, options, key)
    return f'{texts.json[:-1]},"proof":[{options.json[:-1]},"proofValue":"{signature}"}}]}}'


def holds(document: Mapping[str, Any], *, multikey: str) -> bool:
    """Whether the document carries exactly one proof, made with this key in the name of its issuer, and unaltered."""
    try:
        (proof,) = document["proof"]
        if proof["verificationMethod"] != f"{document['issuer']['id']}#{multikey}" or not _is_ours(proof):
            return False
        _verify(document, proof, multikey)
    except (KeyError, TypeError, ValueError, InvalidSignature, UnsignableDocument, jsonld.JsonLdError):
        return False
    return True


def document_hash(document: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical document, its proof left out; raises UnsignableDocument."""
    return _hash(canonical(_without(document, "proof")))


def options_hash(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical proof options, in the document's context and without the signature."""
    options = {"@context": document["@context"], **_without(proof, "proofValue")}
    return _hash(canonical(options))


def canonical(document: Mapping[str, Any]) -> str:
    """The text of RDFC-1.0; raises UnsignableDocument."""
    return _templates.canonical(document)


@lru_cache(maxsize=256)
def _options(contexts: str, issuer: str, multikey: str, created: str) -> Options:
    """The same for all that one key signs within a second."""
    members = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": f"{issuer}#{multikey}",
        "proofPurpose": "assertionMethod",
    }
    said = json.dumps(members, separators=(",", ":"))
    return Options(members, said, options_hash({"@context": json.loads(contexts)}, members))


def _signature(text: str, options: Options, key: SigningKey) -> str:
    return multibase(key.private.sign(options.hash + _hash(text)))


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _verify(document: Mapping[str, Any], proof: Mapping[str, Any], multikey: str) -> None:
    public = Ed25519PublicKey.from_public_bytes(from_multibase(multikey).removeprefix(ED25519_PUBLIC))
    public.verify(from_multibase(proof["proofValue"]), options_hash(document, proof) + document_hash(document))


def _is_ours(proof: Mapping[str, Any]) -> bool:
    kind = (proof["type"], proof["cryptosuite"], proof["proofPurpose"])
    return kind == ("DataIntegrityProof", CRYPTOSUITE, "assertionMethod")


def _without(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def by_the_library(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads of a document, read by JSON-LD's own rules; raises UnsignableDocument."""
    with _one_at_a_time:
        expanded = jsonld.expand(document, {"documentLoader": _bundled_context, "base": f"{RELATIVE}//base/"})
        _refuse_dropped_parts(document, expanded)
        lines = jsonld.normalize(expanded, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    return str(lines)


def _refuse_dropped_parts(document: Mapping[str, Any], expanded: Any) -> None:
    """Expansion adds nothing and drops whole members, so that equal numbers of leaves mean that all are there."""
    if _count_leaves(document) != _count_leaves(expanded):
        raise UnsignableDocument("a term is unknown to the contexts, or empty")
    for address in _addresses(expanded):
        if address.startswith(RELATIVE) or not ABSOLUTE_IRI.fullmatch(address):
            raise UnsignableDocument(address)


def _count_leaves(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_count_leaves, value))
    if isinstance(value, dict) and "@value" not in value:
        # What is embedded may bring its own context, which says how to read and is not said itself.
        return sum(_count_leaves(item) for name, item in value.items() if name != "@context")
    return 1


def _bundled_context(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    # The tag lets PyLD keep the parsed context between documents.
    return {"documentUrl": url, "contextUrl": None, "document": _context(url), "tag": "static"}


@cache
def _context(url: str) -> dict[str, Any]:
    if url not in CONTEXT_FILES:
        raise UnsignableDocument(url)
    context: dict[str, Any] = json.loads((CONTEXTS / CONTEXT_FILES[url]).read_text(encoding="utf-8"))
    return context


def _addresses(expanded: Any) -> Iterator[str]:
    if isinstance(expanded, list):
        for item in expanded:
            yield from _addresses(item)
    elif isinstance(expanded, dict):
        for key, value in expanded.items():
            if key == "@id" or (key == "@type" and "@value" not in expanded):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _addresses(value)


_templates = Templates(by_the_library)
