"""The key of an endorser: in the name itself (did:key), or on the server that the name stands for (did:web)."""

import json

from django.utils.translation import gettext as _

from openedx_utop.badges.endorsements import rules
from openedx_utop.badges.endorsements.data import KeyNotFound
from openedx_utop.badges.endorsements.fetching import fetched


def resolved(did: str, method: str) -> str:
    """The public key of this name, `z6Mk…`; raises KeyNotFound, or KeyNotListed where its owner says so."""
    if did.startswith(rules.DID_KEY):
        return rules.key_in_name(did)
    try:
        document = json.loads(fetched(*rules.did_web_address(did)))
    except (ValueError, RecursionError) as error:
        raise KeyNotFound(_("What answers there is no document of {did}.").format(did=did)) from error
    return rules.key_in_document(document, did, method)
