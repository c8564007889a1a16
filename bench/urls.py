"""The product's addresses, one that answers without doing anything, and two that do what no recorder can do without."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from openedx_utop.attendance.backends.redis.line import line_to
from openedx_utop.attendance.backends.redis.server import configured_redis


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """What Django, its middleware and the server cost without us."""
    return HttpResponse(status=204)


@csrf_exempt
def queued(request: HttpRequest) -> HttpResponse:
    """One entry in a stream, and an answer as long as what came."""
    redis = configured_redis(patience=settings.UTOP_REDIS_TIMEOUT_SECONDS)
    line_to(redis).ask([("XADD", "floor", "MAXLEN", "~", 10_000, "*", "entry", body := request.read())])
    return HttpResponse(body)


@csrf_exempt
def committed(request: HttpRequest) -> HttpResponse:
    """One row read, written and committed, and an answer as long as what came; the query string is the learner."""
    learner = [request.META["QUERY_STRING"]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clients FROM openedx_utop_learnerclock WHERE user_id = %s", learner)
        cursor.execute("UPDATE openedx_utop_learnerclock SET version = version + 1 WHERE user_id = %s", learner)
    return HttpResponse(request.read())


urlpatterns = [
    path("bare/", bare),
    path("queued/", queued),
    path("committed/", committed),
    path("utop/", include(("openedx_utop.urls", "openedx_utop"), namespace="openedx_utop")),
]
