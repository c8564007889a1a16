"""The editor of badges: in Studio under the course's tracks, in the LMS under the badges."""

from django.urls import path

from openedx_utop.badges.editing import material, pages
from openedx_utop.badges.editing.data import Unwritten

urlpatterns = [
    path("", pages.badges_of_course, name="badges-of-course"),
    path("action/", pages.badge, {"which": Unwritten.WHOLE}, name="badge-of-action"),
    path("new/", pages.badge, {"which": Unwritten.PART}, name="badge-of-part"),
    path("<uuid:which>/", pages.badge, name="badge-of-course"),
    path("<uuid:uuid>/remove/", pages.remove, name="badge-remove"),
    path("drawn.png", material.drawn_picture, name="badge-drawn"),
    path("pictures/<str:sha256>.png", material.kept_picture, name="badge-kept-picture"),
    path("skills/", material.skills, name="badge-skills"),
]
