"""Pages and machine-readable answers of attendance."""

from django.urls import include, path

from openedx_utop.attendance import pages, rest

urlpatterns = [
    path("api/v1/beats/", rest.beats_view, name="beats"),
    path("api/v1/leases/", rest.leases, name="leases"),
    path("attendance/how-time-is-counted/", pages.method, name="attendance-method"),
    path("attendance/<path:course_key>.csv", pages.course_time_csv, name="attendance-csv"),
    path("", include("openedx_utop.attendance.journal.urls")),
    path("attendance/<path:course_key>/", pages.course_time, name="attendance"),
]
