"""The beats in the API's description: they are answered without the framework that describes the rest."""

from typing import Any

TEXT = {"type": "string"}
WHOLE = {"type": "integer", "minimum": 0}
BEAT = {
    "type": "object",
    "required": ["lease", "client", "seq", "quiet"],
    "properties": {
        "lease": {"type": "string", "description": "As the unit's page or the last answer gave it."},
        "client": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,36}$", "description": "The tab."},
        "seq": WHOLE | {"description": "Grows with each beat of the tab."},
        "quiet": WHOLE | {"description": "Milliseconds since the last sign of life."},
        "input": WHOLE | {"nullable": True, "description": "Milliseconds since the learner's own last one."},
        "elapsed": WHOLE | {"nullable": True, "description": "Milliseconds since the last beat that was answered."},
        "appeared": {"type": "boolean", "default": False},
        "media": {
            "type": "object",
            "nullable": True,
            "properties": {"position": WHOLE, "rate": {"type": "number"}, "playing": {"type": "boolean"}},
        },
        "missed": {
            "type": "array",
            "maxItems": 40,
            "items": {"type": "array", "minItems": 5, "maxItems": 5, "items": {}},
            "description": "Beats that nobody answered: seq, age, quiet, input, appeared.",
        },
    },
}
ANSWER = {
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["credited", "recorded", "duplicate"]},
        "credited": {"type": "number", "description": "Seconds."},
        "next": WHOLE | {"description": "Seconds to the next beat."},
        "lease": TEXT,
    },
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": WHOLE,
        "detail": {"type": "string"},
    },
}
REFUSALS = {
    400: "Not a beat.",
    403: "The lease is forged, or has expired.",
    411: "A body in pieces.",
    413: "Longer than 4096 bytes.",
    429: "Too many: Retry-After says how long to wait.",
    503: "Not recorded just now: Retry-After says how long to wait.",
}


def describe_beats(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add what `POST beats/` takes and answers."""
    result["paths"]["/utop/api/v1/beats/"] = {
        "post": {
            "operationId": "beats_create",
            "description": "A sign of life of one tab. The signed lease in the body says who and where.",
            "tags": ["beats"],
            "security": [],
            "requestBody": {"required": True, "content": {"text/plain": {"schema": BEAT}}},
            "responses": {
                "200": _response("Accounted for.", "application/json", ANSWER),
                **{
                    str(status): _response(why, "application/problem+json", PROBLEM) for status, why in REFUSALS.items()
                },
            },
        }
    }
    return result


def _refusal(why: str) -> dict[str, Any]:
    return _response(why, "application/problem+json", PROBLEM)


def _response(description: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}
