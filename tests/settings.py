"""The plugin alone, on a host that the tests fill; the demo host and the platform have tests of their own."""

import os
import sys
from importlib.util import find_spec
from typing import Any

from openedx_utop.settings import common

SECRET_KEY = "tests only"
USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
ALLOWED_HOSTS = ["*"]
LMS_ROOT_URL = "https://lms.example.org"
PLATFORM_NAME = "Campus d'essai"
STATIC_URL = "/static/"
ROOT_URLCONF = "tests.urls"
LOCALE_PATHS: list[str] = []
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "rest_framework",
    "drf_spectacular",
    "waffle",
    "completion",
    "openedx_utop",
]
if find_spec("event_routing_backends"):
    INSTALLED_APPS += ["config_models", "event_routing_backends"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# Nobody guesses these passwords: the others' hashes take a third of a second each.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CELERY_TASK_ALWAYS_EAGER = True

if os.environ.get("UTOP_TEST_DATABASE") == "mariadb":
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": "utop",
            "USER": "utop",
            "PASSWORD": "utop",
            "HOST": "127.0.0.1",
            "PORT": os.environ["UTOP_TEST_MARIADB_PORT"],
            "OPTIONS": {"charset": "utf8mb4"},
        }
    }
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

common.plugin_settings(sys.modules[__name__])
UTOP_PLATFORM = "tests.host.InMemoryPlatform"
UTOP_COMPANY_REGISTER_URL = ""
