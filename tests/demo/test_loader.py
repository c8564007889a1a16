"""The plugin comes through the platform's own loader."""

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from edx_django_utils.plugins import get_plugin_apps

from openedx_utop.compat import platform
from openedx_utop.settings.extension_points import TRACKER_STEP, UNIT_RENDERED


def test_the_loader_finds_the_plugin_and_edx_completion() -> None:
    found = get_plugin_apps("lms.djangoapp")
    assert "openedx_utop.apps.OpenedxUtopConfig" in found
    assert "completion.apps.CompletionAppConfig" in found
    assert apps.is_installed("openedx_utop")
    assert apps.is_installed("completion")


def test_its_settings_were_applied_once() -> None:
    assert settings.UTOP_BEAT_SECONDS == 30
    assert settings.OPEN_EDX_FILTERS_CONFIG[UNIT_RENDERED]["pipeline"].count(TRACKER_STEP) == 1


def test_its_addresses_are_under_utop_in_its_namespace() -> None:
    assert reverse("openedx_utop:home") == "/utop/"
    assert reverse("openedx_utop:beats") == "/utop/api/v1/beats/"


def test_the_product_asks_this_host() -> None:
    assert type(platform()).__module__ == "demo.platform"
