"""The operator's page of the rules: send a file, see whom it would move, apply it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openedx_utop.official_time import official_day
from openedx_utop.sectors.data import SectorError
from openedx_utop.sectors.impact import MOST_DAYS, impact, missing_agreements
from openedx_utop.sectors.rulebook import api as rulebook
from openedx_utop.visitors import visitor_id

SEND = "openedx_utop/sectors/rules/send.html"
PREVIEW = "openedx_utop/sectors/rules/preview.html"
# More lines are counted but not shown.
MOST_LINES = 100


@dataclass(frozen=True)
class Line:
    """A line of the file that makes a new rule or changes one."""

    number: int
    rule: rulebook.Rule
    is_new: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see which agreements of known companies the tables lack."""
    _refuse_stranger(request)
    today = official_day(timezone.now())
    context: dict[str, object] = {"tables": rulebook.Table, "missing": missing_agreements(day=today)}
    if request.method != "POST":
        return render(request, SEND, context)
    try:
        sent = rulebook.receive(_content(request), table=_table(request), by=visitor_id(request), now=timezone.now())
    except SectorError as refusal:
        return render(request, SEND, context | {"error": str(refusal)}, status=400)
    return redirect("openedx_utop:rules-import", sent)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
@login_required
def preview(request: HttpRequest, import_uuid: UUID) -> HttpResponse:
    """What the file would change, line by line, and whom that would move; then apply it."""
    _refuse_stranger(request)
    try:
        if request.method == "POST":
            return _applied(request, import_uuid)
        return _shown(request, import_uuid)
    except rulebook.StaleImport as refusal:
        messages.warning(request, str(refusal))
        return redirect("openedx_utop:rules-import", import_uuid)
    except rulebook.UnknownImport as refusal:
        messages.warning(request, str(refusal))
        return redirect("openedx_utop:rules-imports")


def _refuse_stranger(request: HttpRequest) -> None:
    """Rules move people of every course: who may change them may see whom."""
    if not request.user.has_perms(["openedx_utop.add_sectorrule", "openedx_utop.change_sectorrule"]):
        raise PermissionDenied


def _content(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise rulebook.UnreadableFile(_("Choose the file."))
    # One byte more than is taken, so that a larger file is told as such.
    return bytes(file.read(rulebook.MOST_BYTES + 1))


def _table(request: HttpRequest) -> rulebook.Table:
    try:
        return rulebook.Table(request.POST.get("table", ""))
    except ValueError as error:
        raise rulebook.UnreadableFile(_("Say what the file holds.")) from error


def _shown(request: HttpRequest, import_uuid: UUID) -> HttpResponse:
    today = official_day(timezone.now())
    found = rulebook.look_at(import_uuid, today=today)
    changes = found.changes
    days = rulebook.days_of_effect(changes, today)
    day = _day(request, days)
    context = {
        "preview": found,
        "changes": changes,
        "lines": _lines(changes)[:MOST_LINES],
        "has_more_lines": len(changes.created) + len(changes.updated) > MOST_LINES,
        "errors": changes.errors[:MOST_LINES],
        "most_lines": MOST_LINES,
        "days": days[:MOST_DAYS],
        "today": today,
        "impact": None if changes.errors else impact(changes, day=day),
    }
    return render(request, PREVIEW, context)


def _lines(changes: rulebook.Changes) -> list[Line]:
    """Those that change something, as they follow in the file."""
    new = (Line(number, rule, is_new=True) for number, rule in changes.created.items())
    changed = (Line(number, row.rule, is_new=False) for number, row in changes.updated.items())
    return sorted([*new, *changed], key=lambda line: line.number)


def _day(request: HttpRequest, days: tuple[date, ...]) -> date:
    """The day asked for, if something changes on it; else today."""
    asked = request.GET.get("on", "")
    return next((day for day in days if day.isoformat() == asked), days[0])


def _applied(request: HttpRequest, import_uuid: UUID) -> HttpResponse:
    since = request.POST.get("since", "")
    if not since.isdecimal() or len(since) > 9:
        raise rulebook.StaleImport(rulebook.stale())
    by, now = visitor_id(request), timezone.now()
    report = rulebook.apply_file(import_uuid, since=int(since), by=by, now=now)
    if report.errors:
        return redirect("openedx_utop:rules-import", import_uuid)
    said = _("Applied: {created} created, {updated} updated. Nobody who holds a trade was moved.")
    messages.success(request, said.format(created=report.created, updated=report.updated))
    return redirect("openedx_utop:rules-imports")
