"""What issuing a badge costs, beside the JSON-LD library used as its documentation shows."""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone
from pyld import jsonld

from bench.figures import Figure, per_second
from openedx_utop.badges.api import award_if_fulfilled, issue_credential
from openedx_utop.badges.proofs import CONTEXT_FILES, CONTEXTS
from openedx_utop.compat import platform
from openedx_utop.signing_keys import new_seed, signing_key
from tests.badges.factories import COURSE, learner_at_the_end, training_action
from tests.host import InMemoryPlatform

LEARNERS = 1000


def figures() -> Iterator[Figure]:
    """Credentials issued through the domain's door, database included, against signing alone with the library."""
    settings.UTOP_SIGNING_KEY = new_seed()
    awards = iter(list(_awards()))
    document = json.loads(issue_credential(next(awards), now=timezone.now()).document)
    ours = per_second(lambda: issue_credential(next(awards), now=timezone.now()))
    plain = per_second(lambda: _signature(document))
    print(f"  {ours:.1f} credentials/s, {plain:.1f} plain signatures/s", file=sys.stderr)
    yield Figure("badges.issue_vs_plain_library", ours / plain, 8)


def _awards() -> Iterator[Any]:
    host = platform()
    if not isinstance(host, InMemoryPlatform):
        raise TypeError(host)
    training_action()
    for user_id in range(1, LEARNERS):
        learner_at_the_end(host, user_id)
        award = award_if_fulfilled(user_id, COURSE, now=timezone.now())
        if award:
            yield award.uuid


def _signature(credential: dict[str, Any]) -> bytes:
    """An `eddsa-rdfc-2022` signature: two canonical texts, two hashes, one Ed25519."""
    (proof,) = credential["proof"]
    document = {key: value for key, value in credential.items() if key != "proof"}
    options = {"@context": document["@context"], **{key: proof[key] for key in proof if key != "proofValue"}}
    hashes = [sha256(_normalized(part)).digest() for part in (options, document)]
    return signing_key().private.sign(b"".join(hashes))


def _normalized(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    return str(jsonld.normalize(document, options)).encode()


def _load(url: str, options: dict[str, Any]) -> dict[str, Any]:
    context = json.loads((CONTEXTS / CONTEXT_FILES[url]).read_text(encoding="utf-8"))
    return {"documentUrl": url, "contextUrl": None, "contentType": "application/ld+json", "document": context}
