"""Settings of the demo host. The plugin's own come from the platform's plugin loader."""

import os
import warnings
from pathlib import Path
from secrets import token_urlsafe

from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _
from edx_django_utils.plugins import add_plugins, get_plugin_apps

from demo.memory import spare_unused_packages
from demo.secret import keep, rsa_key

# Before the plugin loader, which loads the published blocks. What these warn of while loading is for their authors.
spare_unused_packages()

# The names that the platform gives to `ProjectType.LMS` and to its kinds of settings.
LMS, COMMON, PRODUCTION = "lms.djangoapp", "common", "production"

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    PLUGIN_APPS = get_plugin_apps(LMS)

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("UTOP_DEMO_DATA") or HERE.parent / ".demo")
PORT = os.environ.get("PORT") or "8000"

SECRET_KEY = keep(DATA / "secret_key", get_random_secret_key)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
LMS_ROOT_URL = f"http://127.0.0.1:{PORT}"
LMS_BASE = f"127.0.0.1:{PORT}"
PLATFORM_NAME = "Campus d’essai"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "waffle",
    "rest_framework",
    "drf_spectacular",
    "eventtracking.django.apps.EventTrackingConfig",
    "openedx_events",
    "openedx_filters",
    "demo.apps.DemoConfig",
    *PLUGIN_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "demo.middleware.ContentSecurityPolicy",
    "edx_django_utils.cache.middleware.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crum.CurrentRequestUserMiddleware",
]
ROOT_URLCONF = "demo.urls"
LOGIN_URL = "demo:home"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "demo.database", "NAME": DATA / "demo.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [str(HERE / "locale")]
STATIC_URL = "/static/"
# What people send is kept beside the database, and served by no address of its own.
MEDIA_ROOT = DATA / "media"

# E-mails too: the demonstration shows them.
EMAIL_BACKEND = "demo.mailbox.Mailbox"
EMAIL_FILE_PATH = str(DATA / "mail")
DEFAULT_FROM_EMAIL = "campus@example.org"

# No broker: a worker thread of this process takes the tasks from memory.
CELERY_BROKER_URL = "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

EVENT_TRACKING_ENABLED = True
EVENT_TRACKING_BACKENDS: dict[str, dict[str, object]] = {}
EVENT_TRACKING_PROCESSORS: list[dict[str, object]] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Tracking events would fill the terminal; a 404 is an answer, not an incident.
        "tracking": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}

# What the ecosystem's published blocks read from the platform's settings.
FEATURES: dict[str, bool] = {}
PIPELINE = {"PIPELINE_ENABLED": False}
REQUIRE_DEBUG = True
ALL_LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_DICT = dict(ALL_LANGUAGES)
COMPLETION_VIDEO_COMPLETE_PERCENTAGE = 0.95
AI_TRANSLATIONS_API_URL = ""
YOUTUBE = {"API": "https://www.youtube.com/iframe_api", "TEST_TIMEOUT": 1500, "IMAGE_API": "", "METADATA_URL": ""}
YOUTUBE_API_KEY = None

MAKO_TEMPLATE_DIRS_BASE: list[Path] = []

add_plugins(__name__, LMS, COMMON)
add_plugins(__name__, LMS, PRODUCTION)

UTOP_PLATFORM = "demo.platform.DemoPlatform"
# `serve` puts the address of its own register here.
UTOP_COMPANY_REGISTER_URL = ""
UTOP_SIGNING_KEY = keep(DATA / "signing_key", lambda: token_urlsafe(32))
UTOP_JWT_SIGNING_KEY = keep(DATA / "token_key", rsa_key)
