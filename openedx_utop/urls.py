"""Everything under /utop/."""

from django.urls import include, path

from openedx_utop import pages, personal_data

urlpatterns = [
    path("", pages.home, name="home"),
    # First, for it is what machines ask for.
    path("", include("openedx_utop.badges.urls")),
    path("awards/<uuid:award_uuid>/name/", pages.publish_name, name="publish-name"),
    path("badges/correct/", pages.correct_holder, name="correct-holder"),
    path("my-data.json", personal_data.download, name="my-data"),
    path("", include("openedx_utop.attendance.live.urls")),
    path("", include("openedx_utop.attendance.urls")),
    path("", include("openedx_utop.attendance.corrections.urls")),
    path("corrections/<course_key:course_key>/<int:user_id>/", pages.corrections_of, name="corrections"),
    path("", include("openedx_utop.sectors.urls")),
    path("", include("openedx_utop.attestations.urls")),
    path("", include("openedx_utop.steering.urls")),
    path("", include("openedx_utop.enrolment.urls")),
    path("", include("openedx_utop.verification.urls")),
    path("api/v1/", include("openedx_utop.rest_api.v1.urls")),
]
