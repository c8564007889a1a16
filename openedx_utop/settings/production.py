"""Runs after the operator's YAML, which replaces whole dictionaries and lists."""

from typing import Any

from openedx_utop.settings.extension_points import merge_extension_points


def plugin_settings(settings: Any) -> None:
    """Put back the extension points that the operator's YAML may have replaced."""
    merge_extension_points(settings)
