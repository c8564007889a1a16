"""The account behind a request that needs one."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest


def signed_in(request: HttpRequest) -> User:
    """To be called where `login_required` holds."""
    return cast(User, request.user)
