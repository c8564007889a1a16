"""An organisation that endorses badges: its identity on a server of its own, and its signature."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from demo.fakes.http_server import Call, FakeService, Reply
from openedx_utop.badges.proofs import signed
from openedx_utop.badges.rules import CONTEXTS
from openedx_utop.signing_keys import SigningKey, key_from_seed, new_seed

EARLY = datetime(2026, 1, 5, 9, tzinfo=UTC).isoformat()


class FakeEndorser(FakeService):
    """A did:web; `lists_key`: whether its document still has the key that it signs with."""

    routes: ClassVar = (("GET", "/opco/did.json", "identity"),)

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.host = self.url.removeprefix("http://")
        self.did = f"did:web:{self.host.replace(':', '%3A')}:opco"
        self.key: SigningKey = key_from_seed(new_seed())
        self.lists_key = True

    def document(self) -> dict[str, Any]:
        """Its identity as others read it."""
        method = {"id": f"{self.did}#{self.key.multikey}", "type": "Multikey", "controller": self.did}
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": [{**method, "publicKeyMultibase": self.key.multikey}],
            "assertionMethod": [method["id"]] if self.lists_key else [],
        }

    def identity(self, _call: Call) -> Reply:
        """The document, over HTTP."""
        return Reply(200, json.dumps(self.document()).encode(), {"Content-Type": "application/did+json"})

    def endorsement(self, badge: str, **changes: Any) -> dict[str, Any]:
        """Its signed word for a badge, known by the address of its achievement."""
        return endorsement(self.did, self.key, badge, **changes)


def endorsement(did: str, key: SigningKey, badge: str, **changes: Any) -> dict[str, Any]:
    """An EndorsementCredential of an organisation."""
    document = {
        "@context": CONTEXTS,
        "id": uuid4().urn,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Reconnaissance de la branche",
        "issuer": {"id": did, "type": ["Profile"], "name": "OPCO d’essai", "url": "https://opco.example.org/"},
        "validFrom": EARLY,
        "credentialSubject": {
            "id": badge,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Nous reconnaissons ce badge dans notre branche.",
        },
        **changes,
    }
    return signed(document, key, created=EARLY)
