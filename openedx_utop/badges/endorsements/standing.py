"""What an endorser's own status list says of an endorsement: fetched, its signature checked, never taken on trust."""

import json
import re
import zlib
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from openedx_utop.badges import bitstring
from openedx_utop.badges.endorsements import forms, resolving, tokens
from openedx_utop.badges.endorsements.data import EndorsementRefused, KeyNotFound, Standing, StandingUnknown
from openedx_utop.badges.endorsements.fetching import fetched
from openedx_utop.badges.endorsements.forms import Signed
from openedx_utop.badges.endorsements.rules import PURPOSES, issuer_of, status_entries
from openedx_utop.badges.terms import REVOCATION_LIST

# A list of a million places, half of them taken at random.
MOST_BYTES: Final = 256 * 1024
INDEX: Final = re.compile(r"[0-9]{1,9}")

Json = dict[str, Any]


def looked_up(document: Json, *, now: datetime) -> Standing | None:
    """What its lists say against it today; raises StandingUnknown with a sentence."""
    try:
        found = [_said(entry, document, now) for entry in status_entries(document)]
    except (KeyNotFound, EndorsementRefused) as error:
        raise StandingUnknown(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, zlib.error) as error:
        raise StandingUnknown(_("The status list of the endorser cannot be read.")) from error
    return next((each for each in Standing if each in found), None)


def _said(entry: Json, document: Json, now: datetime) -> Standing | None:
    if entry["type"] == "BitstringStatusListEntry":
        return _in_bits(entry, issuer_of(document), now)
    if entry["type"] == REVOCATION_LIST:
        return _among_names(entry, document)
    raise StandingUnknown(_("Its kind of status, {kind}, cannot be looked up here.").format(kind=entry["type"]))


def _in_bits(entry: Json, endorser: str, now: datetime) -> Standing | None:
    signed = _fetched(entry["statusListCredential"])
    listed = forms.content(signed)
    about, purpose, index = listed["credentialSubject"], entry["statusPurpose"], str(entry["statusListIndex"])
    is_current = datetime.fromisoformat(listed.get("validFrom", now.isoformat())) <= now
    is_current &= datetime.fromisoformat(listed.get("validUntil", now.isoformat())) >= now
    is_fit = about["type"] == "BitstringStatusList" and purpose in (about["statusPurpose"], *_list(about))
    # A place may be wider than one bit: such lists are told apart by a member of the entry.
    if not (is_current and is_fit and INDEX.fullmatch(index) and entry.get("statusSize", 1) == 1):
        raise ValueError(index)
    if issuer_of(listed) != endorser or not forms.holds(signed, resolving.resolved(signed).public):
        raise StandingUnknown(_("The signature of its status list does not hold."))
    return PURPOSES[purpose] if bitstring.has_bit(about["encodedList"], int(index)) else None


def _list(about: Json) -> list[str]:
    """The purposes of a list that has several."""
    purposes = about["statusPurpose"]
    return purposes if isinstance(purposes, list) else []


def _among_names(entry: Json, document: Json) -> Standing | None:
    """This kind of list is not signed: it holds because its server, asked over TLS, says so."""
    listed = forms.content(_fetched(entry["id"]))
    if issuer_of(listed) != issuer_of(document):
        raise StandingUnknown(_("Its status list is not its endorser’s."))
    revoked = {each["id"] for each in listed["revokedCredential"] if each.get("revoked", True) is not False}
    return Standing.REVOKED if document["id"] in revoked else None


def _fetched(address: str) -> Signed:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    is_trusted = parts.netloc in settings.UTOP_PRIVATE_ENDORSERS
    if not host or parts.username is not None or parts.scheme != ("http" if is_trusted else "https"):
        raise StandingUnknown(_("The address of its status list is no https address."))
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    body = fetched(host, port, path, most=MOST_BYTES).decode().strip()
    if tokens.is_token(body):
        return body
    document: Json = json.loads(body)
    return document
