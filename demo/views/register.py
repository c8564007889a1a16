"""The register of companies that this host stands in for: numbers to try, and faults on demand."""

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from demo.company_register import SAMPLES, running_register
from demo.fakes.faults import Fault
from demo.fakes.register import Register

WORKS = "works"
# Longer than the product waits.
LATENCY = 8


@require_safe
def companies(request: HttpRequest) -> HttpResponse:
    """Companies to try, and how the register is doing."""
    trouble = _register().faults.ordered
    faults = [
        (WORKS, _("It works")),
        (Fault.LATENCY, _("It is too slow")),
        (Fault.SERVER_ERROR, _("It has broken down")),
        (Fault.TOO_MANY, _("It refuses too many questions")),
        (Fault.MALFORMED, _("It answers nonsense")),
        (Fault.DROPPED, _("It hangs up")),
    ]
    chosen = trouble.fault if trouble else WORKS
    return render(request, "demo/register.html", {"samples": SAMPLES, "faults": faults, "chosen": chosen})


@require_POST
def trouble(request: HttpRequest) -> HttpResponse:
    """Have the register fail, or work again; what the product remembers of it is forgotten."""
    register, asked = _register(), request.POST.get("fault", WORKS)
    if asked in list(Fault):
        register.faults.order(Fault(asked), seconds=LATENCY)
        messages.success(request, _("The register now fails. Enter a SIRET as a learner and see."))
    else:
        register.faults.lift()
        messages.success(request, _("The register works again."))
    cache.clear()
    return redirect("demo:register")


def _register() -> Register:
    register = running_register()
    if register is None:
        raise Http404
    return register
