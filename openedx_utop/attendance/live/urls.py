"""Pages of live sessions."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 (registers course_key)
from openedx_utop.attendance.live import import_pages, pages, sheet_pages, trainer_pages

urlpatterns = [
    path("live/", pages.open_now, name="live-now"),
    path("live/<course_key:course_key>/", pages.own_sessions, name="live"),
    path("live/<course_key:course_key>/sessions/", trainer_pages.sessions, name="live_sessions"),
    path("live/<course_key:course_key>/sessions/new/", trainer_pages.new_session, name="live-session-new"),
    path("live/sessions/<uuid:session_uuid>/", trainer_pages.change_session, name="live-session"),
    path("live/sessions/<uuid:session_uuid>/cancel/", trainer_pages.cancel_session, name="live-session-cancel"),
    path("live/sessions/<uuid:session_uuid>/place/", pages.place, name="live-place"),
    path("live/half-days/<uuid:slot_uuid>/sign/", pages.sign, name="live-sign"),
    path("live/half-days/<uuid:slot_uuid>/", sheet_pages.sheet, name="live-sheet"),
    path("live/half-days/<uuid:slot_uuid>/code/", sheet_pages.code, name="live-code"),
    path("live/half-days/<uuid:slot_uuid>/print/", sheet_pages.printed, name="live-print"),
    path("live/half-days/<uuid:slot_uuid>/trainer/", sheet_pages.sign_as_trainer, name="live-trainer-sign"),
    path("live/half-days/<uuid:slot_uuid>/for/", sheet_pages.sign_for, name="live-sign-for"),
    path("live/half-days/<uuid:slot_uuid>/cancel/", sheet_pages.cancel_signature, name="live-signature-cancel"),
    path("live/half-days/<uuid:slot_uuid>/import/", import_pages.participants, name="live-import"),
]
