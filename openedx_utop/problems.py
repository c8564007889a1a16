"""How an error is told to a program."""

from collections.abc import Mapping

from django.http import JsonResponse


def problem(status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """An error by RFC 9457; the type tells them apart."""
    return JsonResponse(
        {"type": f"urn:openedx-utop:problem:{kind}", "title": kind, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
    )
