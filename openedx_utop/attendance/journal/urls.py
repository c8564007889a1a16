"""What anyone may read of the journal."""

from django.urls import path

from openedx_utop.attendance.journal import pages

urlpatterns = [
    path("journal/seals.json", pages.seals, name="journal-seals"),
]
