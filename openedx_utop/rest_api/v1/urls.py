"""Version 1 of the REST API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

import openedx_utop.converters  # noqa: F401
from openedx_utop.rest_api.v1.enrolment import AppliedListView, CheckListView, ListsView, SeatsView, SeatView
from openedx_utop.rest_api.v1.sectors import SectorsView
from openedx_utop.rest_api.v1.views import AwardsView, BadgesView, ProgressView, TracksView

views = [
    path("progress/<course_key:course_key>/", ProgressView.as_view(), name="progress"),
    path("courses/<course_key:course_key>/tracks/", TracksView.as_view(), name="tracks"),
    path("badges/<course_key:course_key>/", BadgesView.as_view(), name="badges"),
    path("awards/", AwardsView.as_view(), name="awards"),
    path("enrolment/<course_key:course_key>/check/", CheckListView.as_view(), name="api-enrolment-check"),
    path("enrolment/<course_key:course_key>/lists/", ListsView.as_view(), name="api-enrolment-lists"),
    path("enrolment/<course_key:course_key>/lists/<uuid:uuid>/", AppliedListView.as_view(), name="api-enrolment-list"),
    path("enrolment/<course_key:course_key>/seats/", SeatsView.as_view(), name="api-enrolment-seats"),
    path("enrolment/<course_key:course_key>/seats/<uuid:uuid>/", SeatView.as_view(), name="api-enrolment-seat"),
    path("sectors/", SectorsView.as_view(), name="sectors"),
]

urlpatterns = [
    *views,
    path(
        "schema/",
        SpectacularAPIView.as_view(
            patterns=views,
            custom_settings={
                "TITLE": "openedx_utop",
                "VERSION": "1",
                "SCHEMA_PATH_PREFIX_INSERT": "/utop/api/v1",
                "POSTPROCESSING_HOOKS": [
                    "drf_spectacular.hooks.postprocess_schema_enums",
                    "openedx_utop.rest_api.v1.beats.describe_beats",
                ],
            },
        ),
        name="schema",
    ),
]
