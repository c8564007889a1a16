"""Choosing between the forms in which a resource answers (RFC 9110, Accept)."""

from collections.abc import Sequence

from django.http import HttpRequest


def preferred_type(request: HttpRequest, offered: Sequence[str]) -> str:
    """The offered media type that is asked for most, by quality, then by name; the first of equals."""
    named = request.META.get("HTTP_ACCEPT", "")
    # What machines mostly say needs no weighing.
    if named in offered:
        return str(named)
    return max(offered, key=lambda media_type: (*_demand(request, media_type), -offered.index(media_type)))


def acceptable_type(request: HttpRequest, offered: Sequence[str]) -> str | None:
    """The same, but None if every offered type is refused; a request that says nothing takes anything."""
    best, named = preferred_type(request, offered), request.META.get("HTTP_ACCEPT", "")
    return best if best == named or not named.strip() or _demand(request, best)[0] > 0 else None


def _demand(request: HttpRequest, media_type: str) -> tuple[float, bool]:
    """The quality given by the closest range that matches, and whether that range names the type."""
    matching = [accepted for accepted in request.accepted_types if accepted.match(media_type)]
    if not matching:
        return 0, False
    closest = min(matching, key=lambda accepted: (accepted.main_type == "*", accepted.sub_type == "*"))
    try:
        quality = float(closest.params.get("q", 1))
    except ValueError:
        quality = 1
    return quality, closest.sub_type != "*"
