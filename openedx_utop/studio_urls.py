"""Everything under /utop/ in Studio."""

from django.urls import include, path

from openedx_utop import converters  # noqa: F401 (registers course_key)

urlpatterns = [
    path("", include("openedx_utop.sectors.authoring.urls")),
    path("authoring/<course_key:course_key>/badges/", include("openedx_utop.badges.editing.urls")),
]
