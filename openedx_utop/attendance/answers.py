"""What is answered to a beat, whichever way it came in: the platform's view, its first position, the intake."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance import api, wire
from openedx_utop.attendance.data import NothingThere, NotPosted
from openedx_utop.problems import problem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BEATS_PATH = "/utop/api/v1/beats/"

_NOT_RECORDED = _("Presence could not be recorded just now: nothing is lost, try again.")
# The first class that fits.
REFUSALS: dict[type[Exception], tuple[int, str, "StrOrPromise"]] = {
    NothingThere: (404, "not-found", _("Nothing but signs of life is answered here.")),
    NotPosted: (405, "method-not-allowed", _("Only POST is answered here.")),
    api.NoLength: (411, "length-required", _("How long the body is has to be said beforehand.")),
    api.BodyTooLarge: (413, "body-too-large", _("A sign of life is never longer than 4 kB.")),
    api.MalformedBeat: (400, "malformed-beat", _("This is not a sign of life ({what}).")),
    api.ExpiredLease: (403, "expired-lease", _("The permission to report presence has expired: renew it.")),
    api.BadLease: (403, "bad-lease", _("The permission to report presence is not valid: reload the page.")),
    api.NotEnrolled: (403, "not-enrolled", _("You are no longer enrolled in this course.")),
    api.TooManyBeats: (429, "too-many-beats", _("Too many signs of life: wait a little.")),
    api.RecorderBusy: (503, "busy", _NOT_RECORDED),
    Error: (503, "busy", _NOT_RECORDED),
}
REFUSED = tuple(REFUSALS)
# Seconds. A database that comes back is not met by everybody at once: this is as long as between two beats.
DATABASE_RETRY_AFTER = 30

logger = logging.getLogger(__name__)

Meta = Mapping[str, Any]
Read = Callable[[int], bytes]


def answer_beat(meta: Meta, read: Read) -> HttpResponse:
    """The answer to whatever is sent to the beats path; `meta` is named as in WSGI, `read` gives bytes of the body."""
    return answer(meta, read, lambda body: told(api.record_beat(body, now=timezone.now())))


def answer(meta: Meta, read: Read, handle: Callable[[bytes], bytes]) -> HttpResponse:
    """What `handle` makes of a posted body, as JSON, or why that is refused."""
    try:
        content = handle(wire.body(meta, read))
    except REFUSED as error:
        return refusal(error)
    return HttpResponse(content, headers=headers_of(content))


def told(answer: api.BeatAnswer) -> bytes:
    """What came of a beat, as JSON."""
    return json.dumps(answer._asdict()).encode()


def headers_of(content: bytes) -> dict[str, str]:
    """Its headers, with those that the platform's middleware would have added."""
    return {"Content-Type": "application/json", "Content-Length": str(len(content)), "Cache-Control": "no-store"}


def refusal(error: Exception) -> HttpResponse:
    """Why nothing came of it; of one of the classes in REFUSED."""
    status, kind, detail = next(REFUSALS[known] for known in REFUSALS if isinstance(error, known))
    headers = {"Allow": "POST"} if isinstance(error, NotPosted) else {}
    if isinstance(error, Error):
        logger.error("A beat could not be recorded.", exc_info=error)
        headers["Retry-After"] = str(DATABASE_RETRY_AFTER)
    elif retry_after := getattr(error, "retry_after", None):
        headers["Retry-After"] = str(retry_after)
    return _refused(status, kind, detail, headers, what=error)


def _refused(status: int, kind: str, detail: "StrOrPromise", headers: Mapping[str, str], **values: Any) -> HttpResponse:
    # In the platform's language: in first position nobody has asked for the visitor's, and beat.js shows none of it.
    with translation.override(settings.LANGUAGE_CODE):
        return _told(problem(status, kind, str(detail).format(**values), headers))


def _told(response: HttpResponse) -> HttpResponse:
    """With the headers that the platform's middleware would have added."""
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = "no-store"
    return response
