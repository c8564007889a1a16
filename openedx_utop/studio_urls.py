"""Everything under /utop/ in Studio."""

from django.urls import include, path

urlpatterns = [path("", include("openedx_utop.sectors.authoring.urls"))]
