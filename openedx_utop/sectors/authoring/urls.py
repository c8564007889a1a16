"""The author's pages of a course's tracks."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 (registers course_key)
from openedx_utop.sectors.authoring import level_pages, pages, track_pages, version_pages

urlpatterns = [
    path("authoring/<course_key:course_key>/", pages.matrix, name="authoring"),
    path("authoring/<course_key:course_key>/write/", pages.confirm, name="authoring-write"),
    path("authoring/<course_key:course_key>/tracks/", track_pages.make, name="authoring-tracks"),
    path("authoring/<course_key:course_key>/levels/", level_pages.choose, name="authoring-levels"),
    path("authoring/<course_key:course_key>/names/", track_pages.rename, name="authoring-names"),
    path("authoring/<course_key:course_key>/preview/", track_pages.preview, name="authoring-preview"),
    path("authoring/<course_key:course_key>/versions/", version_pages.history, name="authoring-versions"),
    path("authoring/<course_key:course_key>/restore/", version_pages.restore, name="authoring-restore"),
]
