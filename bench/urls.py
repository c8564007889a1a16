"""The product's addresses, and one that answers without doing anything."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """What Django, its middleware and the server cost without us."""
    return HttpResponse(status=204)


urlpatterns = [
    path("bare/", bare),
    path("utop/", include(("openedx_utop.urls", "openedx_utop"), namespace="openedx_utop")),
]
