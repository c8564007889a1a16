"""What is published of the journal, so that others can keep it."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from openedx_utop.attendance.journal import api


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """The seals, for anyone to keep: who has one can tell later that nothing before it was touched. `?after=NUMBER`."""
    after = request.GET.get("after", "0")
    published = api.seals(after=int(after) if after.isdecimal() and len(after) < 10 else 0)
    listed = [
        {("n" if name == "number" else name): value for name, value in asdict(seal).items()} for seal in published
    ]
    response = JsonResponse({"seals": listed})
    response["Access-Control-Allow-Origin"] = "*"
    return response
