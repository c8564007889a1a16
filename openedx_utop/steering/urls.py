"""The team's pages."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 - registers <course_key:…>
from openedx_utop.steering import differences, pages, records, requests, tracks

RECORD = "steering/<course_key:course_key>/<int:user_id>/"

urlpatterns = [
    path("steering/<course_key:course_key>/", pages.learners, name="steering"),
    path("steering/<course_key:course_key>/differences/", differences.differences, name="steering-differences"),
    path("steering/<course_key:course_key>/learners.csv", pages.learners_csv, name="steering-csv"),
    path("steering/<course_key:course_key>/tracks/", tracks.tracks, name="steering-tracks"),
    path("steering/<course_key:course_key>/tracks.csv", tracks.tracks_csv, name="steering-tracks-csv"),
    path("steering/<course_key:course_key>/requests/", requests.open_requests, name="steering-requests"),
    path("steering/<course_key:course_key>/requests/<uuid:uuid>/", requests.answer, name="steering-answer"),
    path(RECORD, records.record, name="steering-record"),
    path(f"{RECORD}sector/", requests.set_sector, name="steering-sector"),
    path(f"{RECORD}contacts/", records.log_contact, name="steering-contacts"),
    path(f"{RECORD}contacts/<uuid:uuid>/", records.withdraw_contact, name="steering-withdraw"),
]
