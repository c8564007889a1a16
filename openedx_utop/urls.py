"""Everything under /utop/."""

from django.urls import include, path

urlpatterns = [
    path("", include("openedx_utop.attendance.urls")),
    path("", include("openedx_utop.sectors.urls")),
    path("", include("openedx_utop.attestations.urls")),
    path("", include("openedx_utop.badges.urls")),
    path("", include("openedx_utop.verification.urls")),
    path("api/v1/", include("openedx_utop.rest_api.v1.urls")),
]
