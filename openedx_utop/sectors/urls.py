"""Pages and machine-readable answers of sectors."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 (registers course_key)
from openedx_utop.sectors import import_pages, pages, rest

urlpatterns = [
    path("rules/", import_pages.send, name="rules-imports"),
    path("rules/<uuid:import_uuid>/", import_pages.preview, name="rules-import"),
    path("sectors/<course_key:course_key>/", pages.choice_page, name="sector-choice"),
    path("sectors/<course_key:course_key>/choice/", rest.choose, name="choose-sector"),
    path("sectors/<course_key:course_key>/requests/", rest.ask, name="ask-for-sector"),
    path("sectors/<course_key:course_key>/requests/<uuid:uuid>/", rest.withdraw, name="withdraw-request"),
    path("employers/search/", rest.find_company, name="find-company"),
    path("employers/none/", rest.work_for_nobody, name="work-for-nobody"),
    path("employers/mine/", rest.declare_employer, name="declare-employer"),
]
