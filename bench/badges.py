"""What issuing a badge costs beside the JSON-LD library used as its documentation shows, and what its files cost."""

import json
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from hashlib import sha256
from statistics import median
from time import process_time
from typing import Any

import jwt
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.utils import timezone
from pyld import jsonld

from bench import urls
from bench.award_command import command_figures
from bench.figures import Figure, per_second
from openedx_utop.badges import api, bitstring
from openedx_utop.badges.baking import HOSTED_KEYWORD, baked
from openedx_utop.badges.batches import PORTION, issue_all
from openedx_utop.badges.models import Award, Credential, StatusList
from openedx_utop.badges.pictures import SHIPPED
from openedx_utop.badges.proofs import CONTEXT_FILES, CONTEXTS
from openedx_utop.badges.statuses import note_revocation
from openedx_utop.badges.tokens import DIGEST, PADDING, new_token_key, token_key
from openedx_utop.compat import platform
from openedx_utop.signing_keys import multibase, new_seed, signing_key
from openedx_utop.training.api import action_of
from tests.badges.factories import COURSE, learner_at_the_end, training_action
from tests.host import InMemoryPlatform

ROUNDS = 10
PLAIN = 20


def figures() -> Iterator[Figure]:
    """Issuing through the domain's door, then files, the status list, and the command on MariaDB."""
    settings.UTOP_SIGNING_KEY, settings.UTOP_JWT_SIGNING_KEY = new_seed(), new_token_key()
    training_action()
    first = _first_award()
    credential = api.issue_credential(first.uuid, now=timezone.now())
    yield _issuing(first, json.loads(credential.document))
    yield _serving(credential)
    png, document = SHIPPED.read_bytes(), credential.document
    baking = per_second(lambda: baked(baked(png, document, HOSTED_KEYWORD), document), 1)
    yield Figure("badges.baking_ms", 1000 / baking, 1, less_is_better=True)
    yield _listing(credential)
    yield from command_figures()


def _first_award() -> Award:
    host = platform()
    if not isinstance(host, InMemoryPlatform):
        raise TypeError(host)
    learner_at_the_end(host, 1)
    host.people.update(dict.fromkeys(range(2, 2 + (PORTION + 2 * PLAIN) * ROUNDS), host.people[1]))
    facts = api.award_if_fulfilled(1, COURSE, now=timezone.now())
    if facts is None:
        raise ValueError
    return Award.objects.select_related("action", "achievement").get(uuid=facts.uuid)


def _issuing(first: Award, document: dict[str, Any]) -> Figure:
    """Award row, credential and both proofs, in one transaction per portion; in turns, for the same noise.

    The library has its contexts in memory and its document ready; it draws no place and tells nobody. The bare ones are
    what nobody goes without: the two signatures and the rows. The middle round counts: a full garbage collection of all
    that Django holds falls into any of them.
    """
    spent: dict[str, list[float]] = {"ours": [], "plain": [], "bare": []}
    learners = iter(range(2, 10**9))

    def awards(count: int) -> list[Award]:
        return Award.objects.bulk_create([_award(first, next(learners)) for _number in range(count)])

    def ours(count: int) -> None:
        issue_all(awards(count), action_of(first.action), now=timezone.now())

    def plain(count: int) -> None:
        Credential.objects.bulk_create([_plain(award, document) for award in awards(count)])

    def bare(count: int) -> None:
        Credential.objects.bulk_create([_bare(award, text) for award in awards(count)])

    text = json.dumps(document, ensure_ascii=False)
    for _round in range(ROUNDS):
        spent["plain"].append(_seconds(plain, PLAIN) / PLAIN)
        spent["ours"].append(_seconds(ours, PORTION) / PORTION)
        spent["bare"].append(_seconds(bare, PLAIN) / PLAIN)
    told = ", ".join(f"{name} {1000 * median(seconds):.2f} ms" for name, seconds in spent.items())
    print(f"  an award issued: {told}", file=sys.stderr)
    ratios = [theirs / own for theirs, own in zip(spent["plain"], spent["ours"], strict=True)]
    return Figure("badges.issue_vs_plain_library", median(ratios), 8)


def _seconds(work: Callable[[int], None], count: int) -> float:
    started = process_time()
    with transaction.atomic():
        work(count)
    return process_time() - started


def _award(first: Award, user_id: int) -> Award:
    """Of the same badge, with figures of its own."""
    figures = {"grade": 60 + user_id % 40, "presence_seconds": 7200 + 37 * user_id % 9000}
    return Award(
        user_id=user_id,
        action=first.action,
        achievement=first.achievement,
        awarded_at=timezone.now(),
        evaluation={**first.evaluation, **figures, "certified_seconds": figures["presence_seconds"]},
    )


def _bare(award: Award, text: str) -> Credential:
    """A text as long as a credential, signed twice."""
    other = token_key()
    if other is None:
        raise ValueError
    signatures = signing_key().private.sign(text.encode()), other.private.sign(text.encode(), PADDING, DIGEST)
    return _credential(award, uuid.uuid4(), text, f"{text}{signatures}")


def _plain(award: Award, credential: dict[str, Any]) -> Credential:
    """Both proofs by the libraries alone: PyLD for the canonical texts, PyJWT for the token."""
    identifier, key, other = uuid.uuid4(), signing_key(), token_key()
    (proof,) = credential["proof"]
    document = {key: value for key, value in credential.items() if key != "proof"}
    document["id"] = f"https://lms.example.org/utop/credentials/{identifier}"
    options = {"@context": document["@context"], **{key: proof[key] for key in proof if key != "proofValue"}}
    hashes = [sha256(_normalized(part)).digest() for part in (options, document)]
    signed = {**document, "proof": [{**proof, "proofValue": multibase(key.private.sign(b"".join(hashes)))}]}
    claims = {**document, "iss": document["issuer"]["id"], "jti": document["id"]}
    if other is None:
        raise ValueError
    token = jwt.encode(claims, other.private, "RS256", headers={"kid": other.jwk["kid"]})
    return _credential(award, identifier, json.dumps(signed, ensure_ascii=False), token)


def _credential(award: Award, identifier: uuid.UUID, document: str, token: str) -> Credential:
    return Credential(
        uuid=identifier,
        award=award,
        document=document,
        token=token,
        issued_at=timezone.now(),
        holder_name="Camille Dupont",
        status_list_id=_list(),
        status_index=secrets.randbelow(2**31),
    )


@cache
def _list() -> int:
    return StatusList.objects.values_list("pk", flat=True)[0]


def _normalized(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load}
    return str(jsonld.normalize(document, options)).encode()


def _load(url: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"documentUrl": url, "contextUrl": None, "contentType": "application/ld+json", "document": _context(url)}


@cache
def _context(url: str) -> dict[str, Any]:
    context: dict[str, Any] = json.loads((CONTEXTS / CONTEXT_FILES[url]).read_text(encoding="utf-8"))
    return context


def _serving(credential: api.CredentialFacts) -> Figure:
    """Over the whole stack of middleware, beside a view that reads the same text from the same table and answers it."""

    def same(request: HttpRequest) -> HttpResponse:
        text = Credential.objects.values_list("document", flat=True).get(uuid=credential.uuid)
        return HttpResponse(text, content_type="application/json")

    urls.urlpatterns.append(path("same/", same))
    served = _answering(f"/utop/credentials/{credential.uuid}")
    plain = _answering("/same/")
    if served() != plain() or credential.document.encode() not in served():
        raise ValueError
    spent = [per_second(plain, 0.5) / per_second(served, 0.5) for _round in range(6)]
    return Figure("badges.serving_vs_same_bytes", sorted(spent)[3], 1.3, less_is_better=True)


def _answering(address: str) -> Callable[[], bytes]:
    handler: Any = WSGIHandler()
    environ = RequestFactory().get(address, headers={"accept": "application/json"}).environ

    def answer() -> bytes:
        response = handler(dict(environ), lambda *_status: None)
        try:
            return b"".join(response)
        finally:
            response.close()

    return answer


def _listing(credential: api.CredentialFacts) -> Figure:
    """One more revocation in a list of which every other place, drawn by lot, is revoked: it compresses worst."""
    record = Credential.objects.select_related("status_list").get(uuid=credential.uuid)
    listed = record.status_list
    if listed is None:
        raise ValueError
    document = json.loads(listed.document)
    document["credentialSubject"]["encodedList"] = bitstring.written(secrets.token_bytes(bitstring.BITS // 8))
    listed.document = json.dumps(document)
    each = per_second(
        lambda: note_revocation(listed, "", record.status_index, "Erreur", now=timezone.now() + timedelta(days=1)), 1
    )
    return Figure("badges.status_list_ms", 1000 / each, 50, less_is_better=True)
