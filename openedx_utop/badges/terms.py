"""The contexts that a badge names: what its terms mean to whoever reads it as JSON-LD."""

from collections.abc import Iterable, Mapping
from typing import Any

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
# Names the other method of revocation, which is no term of the contexts above.
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
REVOCATION_LIST = "1EdTechRevocationList"
# One published copy of the context lacks this term, and verifiers have it; where it is there, this says the same again.
TOKEN_TERM = {
    "endorsementJwt": {
        "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt",
        "@container": "@set",
    }
}


def contexts(status: Mapping[str, Any], *, has_tokens: bool) -> list[Any]:
    """Those of a credential with this status, which carries endorsements as tokens or not."""
    extensions = [EXTENSIONS] if status.get("type") == REVOCATION_LIST else []
    return [*CONTEXTS, *extensions, *([TOKEN_TERM] if has_tokens else [])]


def is_token(endorsement: str) -> bool:
    """Whether it is a token (VC-JWT), and no JSON."""
    return not endorsement.startswith("{")


def has_token(endorsements: Iterable[str]) -> bool:
    """Whether one of them is a token."""
    return any(map(is_token, endorsements))
