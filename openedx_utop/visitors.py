"""Who is asking."""

from typing import cast

from django.http import HttpRequest


def visitor_id(request: HttpRequest) -> int:
    """The LMS user id of whoever is signed in."""
    return cast(int, request.user.pk)
