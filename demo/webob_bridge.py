"""Between Django's requests and WebOb's, which XBlock handlers speak."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from webob import Request, Response


def to_webob(request: HttpRequest) -> Request:
    """The same request with its body to be read again."""
    return Request({**request.META, "wsgi.input": BytesIO(request.body)})


def to_django(answer: Response) -> HttpResponse:
    """The same answer."""
    response = HttpResponse(answer.body, status=answer.status_code)
    for name, value in answer.headerlist:
        if name.lower() != "content-length":
            response.headers[name] = value
    return response
