"""Pages and machine-readable answers of attestations."""

from django.urls import path

from openedx_utop.attestations import pages

urlpatterns = [
    path("documents/<uuid:uuid>.pdf", pages.document, name="document"),
]
