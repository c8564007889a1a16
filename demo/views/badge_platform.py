"""The badge platform that this host stands in for: what it received, and faults on demand."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from demo.badge_platform import running_badge_platform
from demo.fakes.http_server import Fault
from demo.fakes.open_badge_factory import FakeOpenBadgeFactory

# Of the next badge, and of it alone.
FAULTS = {
    "after": Fault(lost=Fault.STORE_THEN_DROP, method="POST"),
    "before": Fault(lost=Fault.DROP_BEFORE_STORE, method="POST"),
    "away": Fault(status=503, method="POST"),
}


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The badges there."""
    events = [
        {"name": event["name"], "proof": event["log_entry"]["proof"], "is_revoked": bool(event["revoked"])}
        for event in _platform().events.values()
    ]
    faults = [
        ("after", _("It issues the badge, and its answer is lost")),
        ("before", _("It hangs up before it issues the badge")),
        ("away", _("It is under repair")),
    ]
    return render(request, "demo/badge_platform.html", {"events": events, "faults": faults})


@require_POST
def trouble(request: HttpRequest) -> HttpResponse:
    """Have the next badge meet a fault."""
    fault = FAULTS.get(request.POST.get("fault", ""))
    if fault is None:
        raise Http404
    _platform().faults.append(fault)
    messages.success(request, _("The next badge will meet this. It still arrives once, a minute or two later."))
    return redirect("demo:badge_platform")


def _platform() -> FakeOpenBadgeFactory:
    running = running_badge_platform()
    if running is None:
        raise Http404
    return running
