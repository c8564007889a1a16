"""What the editor's page asks for while an author works: pictures and skills."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.data import UnknownPicture
from openedx_utop.badges.drawing.api import Unreadable, drawn
from openedx_utop.badges.editing.desk import authors_only, shown
from openedx_utop.badges.editing.picture_form import PictureForm
from openedx_utop.badges.editing.showing import found, numbers
from openedx_utop.badges.pictures import picture


@require_safe
@authors_only
def drawn_picture(request: HttpRequest, course_key: CourseKey) -> HttpResponse:  # noqa: ARG001
    """The picture that these choices draw, or why nobody could read it."""
    form = PictureForm(request.GET)
    if not form.is_valid():
        return _refused(" ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    try:
        png = drawn(form.drawing(request.GET.get("name", "")))
    except Unreadable as error:
        return _refused(str(error))
    return HttpResponse(png, content_type="image/png")


@require_safe
@authors_only
def kept_picture(request: HttpRequest, course_key: CourseKey, sha256: str) -> HttpResponse:  # noqa: ARG001
    """A picture by its content, Studio having no public one."""
    try:
        return HttpResponse(picture(sha256), content_type="image/png")
    except UnknownPicture as unknown:
        raise Http404 from unknown


@require_safe
@authors_only
def skills(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The skills found, as boxes to tick: for the script of the page."""
    asked = request.GET
    matches = found(asked.get("q", ""), asked.get("framework", ""), numbers(asked.getlist("skills")))
    return shown(request, course_key, "found", matches)


def _refused(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=HTTPStatus.BAD_REQUEST)
