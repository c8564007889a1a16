"""An organisation that endorses badges: its identity on a server of its own, and its signature."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from demo.fakes.http_server import Call, FakeService, Reply, json_reply
from openedx_utop.badges import bitstring, revocation_list
from openedx_utop.badges.proofs import signed
from openedx_utop.badges.terms import CONTEXTS
from openedx_utop.signing_keys import SigningKey, key_from_seed, new_seed

EARLY = datetime(2026, 1, 5, 9, tzinfo=UTC).isoformat()


class FakeEndorser(FakeService):
    """A did:web; `lists_key`: whether its document still has the key that it signs with.

    `revoked`: places in its list of bits, whose purpose is `purpose`; `revoked_names`: its list of the other kind.
    `status_key`: the key that signs the list of bits; `as_token`: what makes a token of it, if it answers with one.
    `jwks`: by their names, the keys that sign its tokens.
    """

    routes: ClassVar = (
        ("GET", "/opco/did.json", "identity"),
        ("GET", "/opco/status", "bits"),
        ("GET", "/opco/revoked", "names"),
    )

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.host = self.url.removeprefix("http://")
        self.did = f"did:web:{self.host.replace(':', '%3A')}:opco"
        self.key: SigningKey = key_from_seed(new_seed())
        self.status_key = self.key
        self.lists_key = True
        self.revoked: set[int] = set()
        self.revoked_names: set[str] = set()
        self.purpose = "revocation"
        self.jwks: dict[str, dict[str, Any]] = {}
        self.as_token: Callable[[dict[str, Any]], str] | None = None

    def document(self) -> dict[str, Any]:
        """Its identity as others read it."""
        methods: list[dict[str, Any]] = [
            {"id": f"{self.did}#{self.key.multikey}", "type": "Multikey", "publicKeyMultibase": self.key.multikey},
            *(
                {"id": f"{self.did}#{name}", "type": "JsonWebKey", "publicKeyJwk": jwk}
                for name, jwk in self.jwks.items()
            ),
        ]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": [{**method, "controller": self.did} for method in methods],
            "assertionMethod": [method["id"] for method in methods] if self.lists_key else [],
        }

    def identity(self, _call: Call) -> Reply:
        """The document, over HTTP."""
        return Reply(200, json.dumps(self.document()).encode(), {"Content-Type": "application/did+json"})

    def entry(self, index: int = 7) -> dict[str, str]:
        """What an endorsement says of its place in the list of bits."""
        return {**bitstring.entry(f"{self.url}/opco/status", index), "statusPurpose": self.purpose}

    def bits(self, _call: Call) -> Reply:
        """The list of bits, signed."""
        encoded = bitstring.no_bit()
        for index in self.revoked:
            encoded = bitstring.with_bit(encoded, index)
        document = bitstring.list_document(f"{self.url}/opco/status", self.did, encoded, valid_from=EARLY)
        document["credentialSubject"]["statusPurpose"] = self.purpose
        if self.as_token:
            return Reply(200, self.as_token(document).encode(), {"Content-Type": "application/vc+jwt"})
        return json_reply(200, signed(document, self.status_key, created=EARLY))

    def names(self, _call: Call) -> Reply:
        """The list of names, unsigned as 1EdTech has it."""
        listed = ((name, "Retiré") for name in self.revoked_names)
        return json_reply(200, revocation_list.list_document(f"{self.url}/opco/revoked", self.did, listed))

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
