"""How the platform's plugin loader finds the app."""

from django.apps import AppConfig, apps

SETTINGS = {
    "common": {"relative_path": "settings.common"},
    "production": {"relative_path": "settings.production"},
    "test": {"relative_path": "settings.test"},
}


class OpenedxUtopConfig(AppConfig):
    """One app, in the LMS and in Studio."""

    name = "openedx_utop"
    verbose_name = "Open edX uTOP"
    default_auto_field = "django.db.models.BigAutoField"

    plugin_app = {
        "url_config": {
            "lms.djangoapp": {"namespace": "openedx_utop", "regex": r"^utop/", "relative_path": "urls"},
            # Studio has none of the learners' pages: the namespace differs so that both may live in one process.
            "cms.djangoapp": {"namespace": "openedx_utop_studio", "regex": r"^utop/", "relative_path": "studio_urls"},
        },
        "settings_config": {"lms.djangoapp": SETTINGS, "cms.djangoapp": SETTINGS},
        "signals_config": {
            "lms.djangoapp": {
                "relative_path": "receivers",
                "receivers": [
                    {
                        "receiver_func_name": "on_retirement",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_MISC",
                    },
                    # The platform's own list of steps (RETIREMENT_STATES) has this one, and not the one above.
                    {
                        "receiver_func_name": "on_retirement",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_CRITICAL",
                    },
                    {
                        "receiver_func_name": "on_mailings_retirement",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_MAILINGS",
                    },
                ],
            },
        },
    }

    def ready(self) -> None:
        """Connect receivers and checks, and statements where the platform sends them."""
        from openedx_utop import checks, receivers  # noqa: F401, PLC0415 - their import is what connects them

        if apps.is_installed("event_routing_backends"):
            from openedx_utop import xapi  # noqa: F401, PLC0415 - the same
