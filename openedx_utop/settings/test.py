"""Settings of the platform's own test runs."""

from typing import Any

from openedx_utop.settings.extension_points import merge_extension_points


def plugin_settings(settings: Any) -> None:
    """Put the extension points in place."""
    merge_extension_points(settings)
