"""The plugin's pages where the platform mounts them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("utop/", include(("openedx_utop.urls", "openedx_utop"), namespace="openedx_utop")),
    path("utop/", include(("openedx_utop.studio_urls", "openedx_utop"), namespace="openedx_utop_studio")),
]
