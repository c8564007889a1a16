"""Where people validate."""

from django.urls import path

from openedx_utop import converters  # noqa: F401 - registers <course_key:…>
from openedx_utop.badges.validations import pages

urlpatterns = [
    path("<course_key:course_key>/", pages.validations, name="validations"),
    path("<course_key:course_key>/somebody/", pages.validate_somebody, name="validate-somebody"),
    path("<course_key:course_key>/<int:user_id>/", pages.validate, name="validate"),
    path("<course_key:course_key>/<int:user_id>/withdraw/", pages.withdraw, name="withdraw-validation"),
]
