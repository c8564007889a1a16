"""What blocks ask of their runtime."""

import hashlib
import math
from typing import Any

from completion.services import CompletionService
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import formats, translation
from opaque_keys.edx.keys import CourseKey
from xblock.reference.user_service import UserService, XBlockUser


def runtime_services(user: User, course_key: CourseKey, *, is_staff: bool) -> dict[str, Any]:
    """The services by name."""
    return {
        "user": DemoUserService(user, is_staff=is_staff),
        "i18n": DemoI18nService(),
        "completion": CompletionService(user, course_key),
        "cache": cache,
        "sandbox": NoUnsafeCode(),
        "xqueue": NoExternalGrader(),
        "replace_urls": SameUrls(),
    }


class DemoUserService(UserService):
    """Who is looking, with the platform's attributes."""

    def __init__(self, user: User, *, is_staff: bool) -> None:
        super().__init__()
        self._user, self._is_staff = user, is_staff

    def get_current_user(self) -> XBlockUser:
        """The signed-in account."""
        pseudonym = hashlib.blake2s(f"{settings.SECRET_KEY}:{self._user.pk}".encode(), digest_size=16).hexdigest()
        user = XBlockUser(is_current_user=True, emails=[self._user.email], full_name=self._user.get_full_name())
        user.opt_attrs = {
            "edx-platform.user_id": self._user.pk,
            "edx-platform.username": self._user.username,
            "edx-platform.is_authenticated": True,
            "edx-platform.user_is_staff": self._is_staff,
            "edx-platform.user_role": "staff" if self._is_staff else "student",
            "edx-platform.anonymous_user_id": pseudonym,
            "edx-platform.deprecated_anonymous_user_id": pseudonym,
            "edx-platform.request_country_code": None,
        }
        return user


class DemoI18nService:
    """Django's translations, under all the names that blocks use."""

    gettext = ugettext = staticmethod(translation.gettext)

    @staticmethod
    def ngettext(singular: str, plural: str, number: float) -> str:
        """Blocks count points with it, which may be fractions."""
        return translation.ngettext(singular, plural, math.ceil(number))

    ungettext = ngettext

    @staticmethod
    def strftime(moment: Any, format_name: str) -> str:
        """A date in the reader's language."""
        return formats.date_format(moment, format_name)


class NoUnsafeCode:
    """Problems with Python scripts are not run unsandboxed."""

    @staticmethod
    def can_execute_unsafe_code() -> bool:
        """Never."""
        return False

    @staticmethod
    def get_python_lib_zip() -> None:
        """The course has no Python library."""


class NoExternalGrader:
    """No queue of an external grader."""

    waittime = 0


class SameUrls:
    """Courses here have no uploaded files: their addresses stay as they are."""

    @staticmethod
    def replace_urls(text: str, static_replace_only: bool = False) -> str:  # noqa: ARG004
        """The same text, but no longer marked as safe markup: blocks put it into attributes."""
        return "".join((text,))
