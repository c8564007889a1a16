"""Version 1 of the REST API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

import openedx_utop.converters  # noqa: F401
from openedx_utop.rest_api.v1.sectors import SectorsView
from openedx_utop.rest_api.v1.views import AwardsView, ProgressView, TracksView

views = [
    path("progress/<course_key:course_key>/", ProgressView.as_view(), name="progress"),
    path("courses/<course_key:course_key>/tracks/", TracksView.as_view(), name="tracks"),
    path("awards/", AwardsView.as_view(), name="awards"),
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
