"""Opaque keys within addresses; anything else is not found."""

from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey


class _KeyConverter:
    regex = "[^/]+"
    key_class: Any

    def to_python(self, value: str) -> Any:
        """The key; ValueError for what is not one."""
        try:
            return self.key_class.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: object) -> str:
        """As it is written."""
        return str(value)


class CourseKeyConverter(_KeyConverter):
    """For example course-v1:UTOP+TPEPME+2027."""

    key_class = CourseKey


class UsageKeyConverter(_KeyConverter):
    """For example block-v1:UTOP+TPEPME+2027+type@vertical+block@tronc_01_lecon."""

    key_class = UsageKey
