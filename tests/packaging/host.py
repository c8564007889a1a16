"""A host reduced to what the platform does with a plugin; run in the empty environment, prints what it got as JSON.

Usage: python host.py lms.djangoapp | cms.djangoapp
"""

import json
import sys
from types import ModuleType

import django
from django.conf import settings
from edx_django_utils.plugins import add_plugins, get_plugin_apps, plugin_urls

PROJECT = sys.argv[1]

host = ModuleType("host_settings")
sys.modules[host.__name__] = host
vars(host).update(
    SECRET_KEY="of this test only",
    USE_TZ=True,
    LANGUAGE_CODE="fr",
    LOCALE_PATHS=[],
    STATIC_URL="/static/",
    ROOT_URLCONF="host_urls",
    SEARCH_RESULT_PROCESSOR="lms.lib.courseware_search.lms_result_processor.LmsSearchResultProcessor",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.staticfiles",
        "rest_framework",
        *get_plugin_apps(PROJECT),
    ],
)
add_plugins(host.__name__, PROJECT, "common")
add_plugins(host.__name__, PROJECT, "production")
settings.configure(**{name: value for name, value in vars(host).items() if name.isupper()})
django.setup()

from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.translation import gettext  # noqa: E402

# Other plugins' addresses need the platform itself, and the loader takes all or none: ours, by the loader's own steps.
host_urls = ModuleType("host_urls")
sys.modules[host_urls.__name__] = host_urls
vars(host_urls)["urlpatterns"] = [
    plugin_urls._get_url(module, config)
    for module, config in plugin_urls._iter_plugins(PROJECT)
    if config["namespace"] == "openedx_utop"
]
call_command("migrate", verbosity=0)

print(
    json.dumps(
        {
            "apps": [name for name in settings.INSTALLED_APPS if "utop" in name],
            "filters": settings.OPEN_EDX_FILTERS_CONFIG,
            "search": settings.SEARCH_RESULT_PROCESSOR,
            "tunables": sorted(name for name in vars(host) if name.startswith("UTOP_")),
            "home": reverse("openedx_utop:home") if vars(host_urls)["urlpatterns"] else None,
            "template": get_template("openedx_utop/base.html").origin.name,
            "static": finders.find("openedx_utop/beat.js"),
            "french": gettext("estimated minutes"),
        }
    )
)
