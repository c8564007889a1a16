"""Pages of the corrections of attendance; a learner's record is mounted by the plugin, which knows the documents."""

from django.urls import URLPattern, URLResolver, path

from openedx_utop import converters  # noqa: F401 - registers course_key
from openedx_utop.attendance.corrections import contest_page, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("corrections/<course_key:course_key>/", pages.queue, name="corrections"),
    path("corrections/<uuid:uuid>/decision/", pages.decide, name="decide-correction"),
    path("corrections/<uuid:uuid>/document/", pages.document, name="correction-document"),
    path("contests/<uuid:uuid>/answer/", pages.answer, name="answer-contest"),
    path("contests/<course_key:course_key>/", contest_page.contest, name="contest"),
]
