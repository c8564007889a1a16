"""One learner's credential signed again with what organisations say of it: same address, same words, and theirs.

Open Badges know a credential by its id: both texts are of one, both hold, and both are revoked at once.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openedx_utop.badges import rules, terms
from openedx_utop.badges.data import UnknownCredential
from openedx_utop.badges.endorsements.covering import all_is_covered
from openedx_utop.badges.endorsements.data import EndorsementRefused
from openedx_utop.badges.endorsements.embedding import embedded_of_award
from openedx_utop.badges.endorsements.models import FormerText
from openedx_utop.badges.models import Credential
from openedx_utop.badges.proofs import Texts, canonical, signed_text
from openedx_utop.badges.tokens import Claims, token, token_key
from openedx_utop.signing_keys import signing_key

Json = dict[str, Any]


def locked(uuid: UUID) -> Credential:
    """The credential, which nobody else changes until the transaction ends.

    Raises UnknownCredential, and EndorsementRefused once it is revoked.
    """
    record = Credential.objects.select_for_update().filter(uuid=uuid).first()
    if record is None:
        raise UnknownCredential(uuid)
    if not record.is_live:
        raise EndorsementRefused(_("This badge is revoked."))
    return record


def is_covered(record: Credential, text: str, *, now: datetime) -> bool:
    """Whether nothing is said twice in the credential with one more endorsement.

    Raises UnsignableDocument and JsonLdError.
    """
    own = (*embedded_of_award(record.pk, now=now), text)
    document = _document(record, own)
    achievement = document["credentialSubject"]["achievement"]
    of_others = (
        [json.dumps(each) for each in said.get("endorsement", ())] for said in (achievement, document["issuer"])
    )
    return all_is_covered(document, [own, *of_others])


def sign_again(record: Credential, *, now: datetime) -> None:
    """Sign the credential, which is locked, with the endorsements of it that are in force; its former text is kept.

    Raises SigningKeyMissing, SigningKeyInvalid and TokenKeyInvalid.
    """
    document = _document(record, embedded_of_award(record.pk, now=now))
    FormerText.objects.create(credential=record, document=record.document, token=record.token, replaced_at=now)
    key, issuer, said = token_key(), document["issuer"]["id"], _json(document)
    claims = Claims(
        issuer, document["id"], document["credentialSubject"]["id"], document["validFrom"], document.get("validUntil")
    )
    texts = Texts(said, canonical(document), _json(document["@context"]))
    record.document = signed_text(texts, issuer, signing_key(), created=rules.instant(now))
    record.token = token(said, claims, key) if key else ""
    record.save(update_fields=["document", "token"])


def _document(record: Credential, endorsements: Sequence[str]) -> Json:
    """What it says, without its proof, and with these endorsements of it only."""
    left_out = {"proof", "endorsement", "endorsementJwt"}
    said = {name: value for name, value in json.loads(record.document).items() if name not in left_out}
    document = {**said, **rules.endorsement_part(tuple(endorsements))}
    places = (document, document["issuer"], document["credentialSubject"]["achievement"])
    has_tokens = any("endorsementJwt" in place for place in places)
    return {**document, "@context": terms.contexts(document["credentialStatus"], has_tokens=has_tokens)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
