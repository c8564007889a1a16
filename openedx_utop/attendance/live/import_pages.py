"""The page where a trainer signs a half-day by the list of a videoconference's participants."""

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.participants import MOST_BYTES
from openedx_utop.attendance.live.sheet_pages import sheet_for_trainer
from openedx_utop.compat import platform
from openedx_utop.official_time import official_zone
from openedx_utop.visitors import visitor_id

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TEMPLATE = "openedx_utop/attendance/live/import.html"
SAID: dict[api.Verdict, "StrOrPromise"] = {
    api.Verdict.BY_EMAIL: gettext_lazy("recognised by the e-mail address"),
    api.Verdict.BY_NAME: gettext_lazy("recognised by the name alone: check it"),
    api.Verdict.NOT_ENROLLED: gettext_lazy("nobody enrolled in this course"),
    api.Verdict.AMBIGUOUS: gettext_lazy("several learners have this name or address"),
    api.Verdict.MALFORMED: gettext_lazy("cannot be read"),
    api.Verdict.OUTSIDE: gettext_lazy("no presence within the half-day"),
    api.Verdict.ALREADY_SIGNED: gettext_lazy("has signed already"),
    api.Verdict.CANCELLED: gettext_lazy("the signature was cancelled: sign by hand if need be"),
}


@dataclass(frozen=True)
class LineRow:
    """A line of the list as the page shows it; `seconds` are those of the learner's whole presence."""

    line: api.ImportLine
    said: "StrOrPromise"
    learner: str
    seconds: int

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing about it to decide."""
        return self.line.verdict in {api.Verdict.BY_EMAIL, api.Verdict.ALREADY_SIGNED}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def participants(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """Choose a file; see what it would sign; sign."""
    sheet = sheet_for_trainer(request, slot_uuid)
    context: dict[str, object] = {"sheet": sheet, "zone": official_zone()}
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    try:
        if "list" in request.POST:
            return _signed(request, slot_uuid)
        data = _sent(request)
        report = api.read_participants(slot_uuid, data, now=timezone.now())
    except api.LiveError as error:
        return render(request, TEMPLATE, context | {"error": error}, status=400)
    verdicts = {line.verdict for line in report.lines}
    rows = _rows(report)
    shown = {
        "rows": rows,
        "doubtful": [row for row in rows if not row.is_settled],
        "settled": [row for row in rows if row.is_settled],
        "list": base64.b64encode(data).decode(),
        "has_names": api.Verdict.BY_NAME in verdicts,
        "has_any": bool(verdicts & {api.Verdict.BY_EMAIL, api.Verdict.BY_NAME}),
    }
    return render(request, TEMPLATE, context | shown)


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise api.BadList(_("Choose the file that the videoconference exported."))
    # One byte more than is taken, so that a larger file is told as such.
    return bytes(file.read(MOST_BYTES + 1))


def _signed(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    try:
        data = base64.b64decode(request.POST["list"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise api.BadList(_("Choose the file that the videoconference exported.")) from error
    by, by_name = visitor_id(request), request.POST.get("by_name") == "1"
    before = len(api.sheet(slot_uuid).signatures)
    api.import_participants(slot_uuid, data, by_name=by_name, by=by, now=timezone.now())
    added = len(api.sheet(slot_uuid).signatures) - before
    said = ngettext("{count} learner's presence is signed.", "{count} learners' presence is signed.", added)
    messages.success(request, said.format(count=added))
    return redirect("openedx_utop:live-sheet", slot_uuid)


def _rows(report: api.ImportReport) -> list[LineRow]:
    people = platform().persons(report.spans.keys())
    return [
        LineRow(
            line=line,
            said=SAID[line.verdict],
            learner=people[line.user_id].full_name if line.user_id in people else "",
            seconds=report.seconds(line.user_id) if line.user_id else 0,
        )
        for line in report.lines
    ]
