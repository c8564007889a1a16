"""Pages and machine-readable answers of verification."""

from django.urls import URLPattern, URLResolver, path

from openedx_utop.verification import pages

# The view reads the identifier, so that a malformed one is answered in plain words too.
urlpatterns: list[URLPattern | URLResolver] = [
    path("verify/<str:uuid>/", pages.verify, name="verify"),
]
