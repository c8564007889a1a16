"""Everything under /utop/."""

from django.urls import include, path

from openedx_utop import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("awards/<uuid:award_uuid>/name/", pages.publish_name, name="publish-name"),
    path("", include("openedx_utop.attendance.urls")),
    path("", include("openedx_utop.sectors.urls")),
    path("", include("openedx_utop.attestations.urls")),
    path("", include("openedx_utop.badges.urls")),
    path("", include("openedx_utop.steering.urls")),
    path("", include("openedx_utop.verification.urls")),
    path("api/v1/", include("openedx_utop.rest_api.v1.urls")),
]
