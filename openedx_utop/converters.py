"""Course keys in URLs."""

from django.urls import register_converter
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey


class CourseKeyConverter:
    """`<course_key:course_key>`: a malformed key matches no URL, hence 404."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> CourseKey:
        """Parse; Django takes ValueError for « no match »."""
        try:
            return CourseKey.from_string(value)
        except InvalidKeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: CourseKey | str) -> str:
        """The key as text."""
        return str(value)


register_converter(CourseKeyConverter, "course_key")
