"""What an endorsement must say before it is embedded in signed badges."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements.data import Claim, EndorsementRefused, Standing
from openedx_utop.badges.rules import UNSAFE
from openedx_utop.badges.templates import ABSOLUTE_IRI
from openedx_utop.badges.terms import CONTEXTS, EXTENSIONS

MOST_CHARACTERS = 64 * 1024
CRYPTOSUITE = "eddsa-rdfc-2022"
PURPOSES = {"revocation": Standing.REVOKED, "suspension": Standing.SUSPENDED}

Json = dict[str, Any]


def read(text: str, *, most: int = MOST_CHARACTERS) -> Json:
    """The JSON in a text, which must mean the same to every reader; raises EndorsementRefused."""
    if len(text) > most:
        raise EndorsementRefused(_("This is too long for an endorsement."))
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_float=_refused, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise EndorsementRefused(_("This is not JSON, or not JSON that everyone reads alike.")) from error
    if not isinstance(document, dict) or any(map(_is_unsafe, _leaves(document))):
        raise EndorsementRefused(_("It holds characters or empty values that cannot be signed safely."))
    return document


def claim(document: Json, *, subject: str, issuer: str, now: datetime, is_token: bool = False) -> Claim:
    """What it claims of `subject`, a URL or a DID; `issuer` is our own DID. Raises EndorsementRefused.

    A token's signature covers its text, whatever its terms mean: it may name more contexts.
    """
    try:
        endorser, about = document["issuer"], document["credentialSubject"]
        _require(
            _has_known_contexts(document["@context"], are_more_fit=is_token),
            _("Its @context holds others than those of Open Badges 3.0."),
        )
        kinds_fit = _is_a(document, "VerifiableCredential") and _is_a(document, "EndorsementCredential")
        _require(
            kinds_fit and not {"endorsement", "endorsementJwt"} & set(document), _("It is no EndorsementCredential.")
        )
        _require(_is_a(endorser, "Profile") and bool(endorser["name"].strip()), _("It does not name its endorser."))
        _require(endorser["id"] != issuer, _("An endorsement by the badge’s own issuer says nothing."))
        _require(bool(document["name"].strip()), _("It has no name."))
        _require(
            _is_a(about, "EndorsementSubject") and about["id"] == subject,
            _("It is not about {badge}.").format(badge=subject),
        )
        _require(bool(about["endorsementComment"].strip()), _("It has no comment to show."))
        _require(datetime.fromisoformat(document["validFrom"]) <= now, _("It is not valid yet."))
        ends = datetime.fromisoformat(document["validUntil"]) if "validUntil" in document else None
        _require(ends is None or ends > now, _("It has expired."))
        return Claim(document["id"], endorser["id"], endorser["name"].strip(), ends)
    except (KeyError, TypeError, AttributeError) as error:
        raise EndorsementRefused(_("Something is missing that an EndorsementCredential needs.")) from error
    except ValueError as error:
        if isinstance(error, EndorsementRefused):
            raise
        raise EndorsementRefused(_("One of its dates cannot be read.")) from error


def proof(document: Mapping[str, Any]) -> Json:
    """Its proof of the kind that we can check, by a key of its endorser; raises EndorsementRefused."""
    found = document.get("proof")
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict) and _is_checkable(each, issuer_of(document)):
            return each
    raise EndorsementRefused(_("It has no proof of the kind eddsa-rdfc-2022 by a key of its endorser."))


def issuer_of(document: Mapping[str, Any]) -> str:
    """Who signs a credential, told as an object or by the name alone; raises EndorsementRefused."""
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    _require(isinstance(name, str), _("It does not name its endorser."))
    return str(name)


def status_entries(document: Mapping[str, Any]) -> list[Any]:
    """Where a credential names a list in which it may be revoked or suspended."""
    listed = document.get("credentialStatus", [])
    entries = listed if isinstance(listed, list) else [listed]
    # Other purposes (a message, a newer version) say nothing against it.
    return [
        each for each in entries if not isinstance(each, dict) or each.get("statusPurpose", "revocation") in PURPOSES
    ]


def statements(document: Mapping[str, Any]) -> int:
    """How many statements a document makes. Fewer in its canonical text: some are said twice, and one could go."""
    return sum(_statements(value) for name, value in document.items() if name not in {"@context", "id"})


def _statements(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_statements, value))
    return 1 + statements(value) if isinstance(value, dict) else 1


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise EndorsementRefused(otherwise)


def _has_known_contexts(contexts: Any, *, are_more_fit: bool) -> bool:
    is_fit = isinstance(contexts, list) and contexts[:2] == CONTEXTS
    return is_fit and (are_more_fit or contexts[2:] in ([], [EXTENSIONS]))


def _is_a(value: Json, kind: str) -> bool:
    kinds = value["type"]
    return kind in ([kinds] if isinstance(kinds, str) else kinds)


def _is_checkable(proof: Json, endorser: str) -> bool:
    kind = (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose"))
    method = proof.get("verificationMethod")
    is_theirs = isinstance(method, str) and method.startswith(f"{endorser}#") and bool(ABSOLUTE_IRI.fullmatch(method))
    return is_theirs and kind == ("DataIntegrityProof", CRYPTOSUITE, "assertionMethod")


def _once(members: list[tuple[str, Any]]) -> Json:
    document = dict(members)
    if len(document) != len(members):
        raise ValueError("a member is there twice")
    return document


def _refused(text: str) -> NoReturn:
    raise ValueError(text)


def _leaves(value: Any) -> Iterator[Any]:
    children = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    if not isinstance(children, list) or not children:
        yield value
        return
    for child in children:
        yield from _leaves(child)


def _is_unsafe(leaf: Any) -> bool:
    return leaf is None or leaf in ([], {}, "") or (isinstance(leaf, str) and bool(UNSAFE.search(leaf)))
