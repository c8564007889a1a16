"""The pages of those who enrol people, and of those who are invited."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 - registers <course_key:…>
from openedx_utop.enrolment import invitation_pages, pages, seat_pages

COURSE = "enrolment/<course_key:course_key>/"

urlpatterns = [
    path(COURSE, pages.enrolment, name="enrolment"),
    path(f"{COURSE}apply/", pages.apply, name="enrolment-apply"),
    path(f"{COURSE}lists/<uuid:uuid>/", pages.applied, name="enrolment-list"),
    path(f"{COURSE}lists/<uuid:uuid>/go-on/", pages.go_on, name="enrolment-go-on"),
    path(f"{COURSE}seats.csv", seat_pages.seats_csv, name="enrolment-csv"),
    path(f"{COURSE}capacity/", seat_pages.capacity, name="enrolment-capacity"),
    path(f"{COURSE}seats/<uuid:uuid>/withdraw/", seat_pages.withdraw, name="enrolment-withdraw"),
    path(f"{COURSE}seats/<uuid:uuid>/invite/", seat_pages.invite_again, name="enrolment-invite"),
    path("invitation/<str:token>/", invitation_pages.invitation, name="invitation"),
]
