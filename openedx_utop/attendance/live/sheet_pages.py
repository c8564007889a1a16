"""The attendance sheet of a half-day (feuille d'émargement), and the code that the room signs with."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.changes import ChangeLine, accounts_in, change_lines
from openedx_utop.attendance.live.rules import code_seconds_left
from openedx_utop.attendance.live.trainer_pages import course_of, entered
from openedx_utop.compat import Person, platform
from openedx_utop.official_time import official_zone
from openedx_utop.visitors import visitor_id


@dataclass(frozen=True)
class SheetRow:
    """A learner on the sheet; `signer` is there when it was somebody else."""

    user_id: int
    name: str
    account: str
    signature: api.Signature | None
    signer: str


@login_required
@never_cache
@require_safe
def sheet(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """Who signed, and what a trainer does about those who did not."""
    found = sheet_for_trainer(request, slot_uuid)
    return render(request, "openedx_utop/attendance/live/sheet.html", _context(found))


@login_required
@never_cache
@require_safe
def printed(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """The sheet on paper, with room for the signatures that are still missing."""
    found = sheet_for_trainer(request, slot_uuid)
    return render(request, "openedx_utop/attendance/live/print.html", _context(found) | {"printed_at": timezone.now()})


@login_required
@never_cache
@require_safe
def code(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """The code of the moment, large, with the QR that opens a phone where it is entered."""
    found, now = sheet_for_trainer(request, slot_uuid), timezone.now()
    digits = api.code_on_show(slot_uuid, now)
    address = request.build_absolute_uri(reverse("openedx_utop:live-sign", args=[slot_uuid]))
    # The markup is segno's own, made of numbers; the address is only drawn.
    drawing = segno.make(f"{address}?{urlencode({'code': digits})}", error="m", micro=False)
    context = {
        "sheet": found,
        "code": digits,
        "qr": mark_safe(drawing.svg_inline(omitsize=True, light="#fff")),  # noqa: S308
        "address": request.build_absolute_uri(reverse("openedx_utop:live-now")),
        "seconds": code_seconds_left(now),
        "zone": official_zone(),
    }
    return render(request, "openedx_utop/attendance/live/code.html", context)


@login_required
@never_cache
@require_POST
def sign_as_trainer(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """The trainer's own signature."""
    sheet_for_trainer(request, slot_uuid)
    try:
        api.sign_as_trainer(visitor_id(request), slot_uuid, now=timezone.now())
        messages.success(request, _("You have signed this half-day as trainer."))
    except api.LiveError as error:
        messages.error(request, str(error))
    return redirect("openedx_utop:live-sheet", slot_uuid)


@login_required
@never_cache
@require_POST
def sign_for(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """Sign for a learner, named by username or e-mail address, with a reason."""
    sheet_for_trainer(request, slot_uuid)
    person = platform().person_named(entered(request, "learner"))
    by, reason = visitor_id(request), entered(request, "reason")
    try:
        # Nobody's number: the same refusal as for somebody who is not enrolled.
        api.sign_for(person.user_id if person else 0, slot_uuid, reason=reason, by=by, now=timezone.now())
        messages.success(request, _("The learner's presence is signed."))
    except api.UnknownSession:
        messages.error(request, _("No learner enrolled in this course has this username or e-mail address."))
    except api.LiveError as error:
        messages.error(request, str(error))
    return redirect("openedx_utop:live-sheet", slot_uuid)


@login_required
@never_cache
@require_POST
def cancel_signature(request: HttpRequest, slot_uuid: UUID) -> HttpResponse:
    """Cancel a learner's signature, with a reason."""
    found = sheet_for_trainer(request, slot_uuid)
    chosen = entered(request, "learner")
    user_id = next((each.user_id for each in found.signatures if str(each.user_id) == chosen), 0)
    by, reason = visitor_id(request), entered(request, "reason")
    try:
        api.cancel_signature(user_id, slot_uuid, reason=reason, by=by, now=timezone.now())
        messages.success(request, _("The signature is cancelled; it stays on record with your reason."))
    except api.LiveError as error:
        messages.error(request, str(error))
    return redirect("openedx_utop:live-sheet", slot_uuid)


def sheet_for_trainer(request: HttpRequest, slot_uuid: UUID) -> api.Sheet:
    """The sheet, for the session's trainer and the course's staff; 404 for everybody else."""
    try:
        found = api.sheet(slot_uuid)
    except api.UnknownSession as error:
        raise Http404 from error
    if not api.may_train(visitor_id(request), found.session.course_key, found.session.trainer_id):
        raise Http404
    return found


def _context(sheet: api.Sheet) -> dict[str, object]:
    signers = {each.signed_by for each in sheet.signatures}
    named = sheet.session.trainer_id
    trainers = {user_id for user_id, _signed_at in sheet.trainers} | ({named} if named else set())
    people = platform().persons({*sheet.expected, *signers, *trainers, *accounts_in(sheet.changes)})
    rows = sorted((_row(user_id, sheet, people) for user_id in sheet.expected), key=lambda row: row.name.casefold())
    return {
        "sheet": sheet,
        "course": course_of(sheet.session.course_key),
        "trainer": _name(named, people) if named else "",
        "rows": rows,
        "signed": [row for row in rows if row.signature],
        "waiting": [row for row in rows if not row.signature],
        "trainers": [(_name(user_id, people), signed_at) for user_id, signed_at in sheet.trainers],
        "changes": _changes(sheet, people),
        "zone": official_zone(),
    }


def _changes(sheet: api.Sheet, people: dict[int, Person]) -> tuple[ChangeLine, ...]:
    is_moved = any("module" in each.changes for each in sheet.changes)
    titles = platform().block_titles(sheet.session.course_key) if is_moved else {}
    shown = {str(key): title for key, title in titles.items()}
    return change_lines(sheet.changes, lambda user_id: _name(user_id, people), shown)


def _row(user_id: int, sheet: api.Sheet, people: dict[int, Person]) -> SheetRow:
    signature = next((each for each in sheet.signatures if each.user_id == user_id), None)
    is_other = signature is not None and signature.signed_by != user_id
    signer = _name(signature.signed_by, people) if signature and is_other else ""
    person = people.get(user_id)
    return SheetRow(user_id, _name(user_id, people), person.username if person else "", signature, signer)


def _name(user_id: int, people: dict[int, Person]) -> str:
    person = people.get(user_id)
    return person.full_name if person else _("account no longer there")
