"""A strict content security policy on every page but those that show XBlocks, whose scripts are their authors'."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
EXEMPT = ("/xblock/", "/studio/frame/", "/admin/", "/utop/api/")


class ContentSecurityPolicy:
    """Proves at each page view that the pages hold no inline script or style."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        response = self.get_response(request)
        if not request.path.startswith(EXEMPT):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
