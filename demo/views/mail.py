"""The page that stands for everybody's mailbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from demo.mailbox import letters


def mailbox(request: HttpRequest) -> HttpResponse:
    """What this host sent, the latest first."""
    return render(request, "demo/mailbox.html", {"letters": letters()})
