"""A fragment as parts of a page, each of its resources once."""

import re

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from web_fragments.fragment import Fragment

REMOTE_IMPORT = re.compile(r"@import\s+url\(\s*[\"']?https?://[^)]*\)[^;]*;")


def without_remote_imports(css: str) -> str:
    """The published blocks' styles load fonts from elsewhere, which would tell others who reads what."""
    return REMOTE_IMPORT.sub("", css)


def page_of(fragment: Fragment) -> dict[str, SafeString | int]:
    """For the template: what goes into the head, the body and its end. Blocks' markup is their authors'."""
    return {
        "head": mark_safe(without_remote_imports(fragment.head_html())),  # noqa: S308
        "body": mark_safe(fragment.body_html()),  # noqa: S308
        "foot": mark_safe(fragment.foot_html()),  # noqa: S308
        "viewing_delay": settings.COMPLETION_BY_VIEWING_DELAY_MS,
    }
