"""The check at definition time: whatever the author wrote, nothing of it would be left out of the signature."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from openedx_utop.badges.bitstring import entry
from openedx_utop.badges.data import UnsignableDocument
from openedx_utop.badges.proofs import by_the_library
from openedx_utop.badges.rules import Particulars, identity_hash
from openedx_utop.badges.templates import ABSOLUTE_IRI

Json = Mapping[str, Any]
# An award of nobody's, to make a whole credential with.
SAMPLE = Particulars(
    address="https://example.org/credentials/1",
    subject="urn:uuid:00000000-0000-4000-8000-000000000000",
    status=entry("https://example.org/status/1", 0),
    identity_hash=identity_hash("learner@example.org", "0"),
    salt="0",
    valid_from="2026-01-01T00:00:00Z",
    valid_until=None,
    result=None,
    narrative="-",
)
# What an achievement cannot be without.
LEAST = {
    "id": "https://example.org/achievements/1",
    "type": ["Achievement"],
    "name": "-",
    "description": "-",
    "criteria": {"narrative": "-"},
}


def signed_away(document: Json) -> dict[str, str]:
    """What the signature of this credential would not cover, in words, by the name of the form's field.

    So for addresses that are none: the standard wants them, and they are signed as mere text.
    """
    achievement, issuer = document["credentialSubject"]["achievement"], document["issuer"]
    strayed = [skill for skill in achievement.get("alignment", ()) if not ABSOLUTE_IRI.fullmatch(skill["targetUrl"])]
    if strayed:
        return dict([_worded("alignment", strayed[0])])
    if not ABSOLUTE_IRI.fullmatch(issuer["url"]):
        return {"": _issuer_words(issuer)}
    return {} if _is_covered(document) else _uncovered(document, achievement)


def _uncovered(document: Json, achievement: Json) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, each in achievement.items():
        for value in each if isinstance(each, list) else [each]:
            if name != "type" and not _is_covered(_with_achievement(document, {**LEAST, name: value})):
                field, sentence = _worded(name, value)
                found.setdefault(field, sentence)
    return found or {"": _issuer_words(document["issuer"])}


def _with_achievement(document: Json, achievement: Json) -> Json:
    """The document with this part, and an issuer that is beyond doubt."""
    return {
        **document,
        "issuer": {"id": "did:web:example.org", "type": ["Profile"], "name": "-"},
        "credentialSubject": {**document["credentialSubject"], "achievement": achievement},
    }


def _is_covered(document: Json) -> bool:
    try:
        by_the_library(document)
    except UnsignableDocument:
        return False
    return True


def _worded(name: str, value: Any) -> tuple[str, str]:
    if name == "alignment":
        text = _(
            "The address of the skill “{name}” is “{address}”: it would be left out of the signature. "
            "Take the skill away, or have the operator correct its address."
        )
        return "skills", text.format(name=value["targetName"], address=value["targetUrl"])
    if name in {"id", "image"}:
        text = _(
            "The address of this platform would be left out of the signature: the operator has to correct it "
            "(LMS_ROOT_URL): {address}"
        )
        return "", text.format(address=value if name == "id" else value["id"])
    text = _("“{field}” would be left out of the signature as it is written: {value}")
    labels = {"name": _("Name"), "description": _("Description"), "criteria": _("Criteria")}
    return name if name in labels else "", text.format(field=labels.get(name, name), value=value)


def _issuer_words(issuer: Json) -> str:
    return _(
        "The web site of the training provider would be left out of the signature: "
        "the operator has to correct it: {address}"
    ).format(address=issuer.get("url", ""))
