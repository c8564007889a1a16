"""The page within the iframe, the blocks' handlers and their packages' files."""

import mimetypes

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from opaque_keys.edx.keys import UsageKey
from xblock.core import XBlock
from xblock.exceptions import DisallowedFileError, InvalidScopeError, NoSuchHandlerError
from xblock.plugin import PluginMissingError

from demo import enrolment
from demo.access import view_of
from demo.blocks import block_class
from demo.page_fragment import page_of, without_remote_imports
from demo.runtime import DemoRuntime
from demo.views.signed_in import signed_in
from demo.webob_bridge import to_django, to_webob


@login_required
@ensure_csrf_cookie
def unit_frame(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """A unit, or one component, as the learner sees it."""
    block = _block(request, usage_key)
    fragment = block.render("student_view", {"username": signed_in(request).username})
    return render(request, "demo/frame.html", page_of(fragment))


@login_required
def handle(request: HttpRequest, usage_key: UsageKey, handler: str, suffix: str = "") -> HttpResponse:
    """What a block's script asks of it; with Django's CSRF protection."""
    block = _block(request, usage_key)
    return call_handler(request, block, handler, suffix)


def call_handler(request: HttpRequest, block: XBlock, handler: str, suffix: str) -> HttpResponse:
    """All of the handler's writes, or none."""
    try:
        with transaction.atomic():
            answer = block.handle(handler, to_webob(request), suffix)
    except NoSuchHandlerError as error:
        raise Http404 from error
    except InvalidScopeError as error:
        raise PermissionDenied from error
    return to_django(answer)


def _block(request: HttpRequest, usage_key: UsageKey) -> XBlock:
    """The block, if it is on the account's path."""
    user = signed_in(request)
    view = view_of(user, usage_key.course_key)
    is_there = usage_key in view.tree and view.may_see(view.tree[usage_key])
    if not is_there or not (view.is_staff or enrolment.is_enrolled(user.pk, usage_key.course_key)):
        raise Http404
    return DemoRuntime(user, view).get_block(usage_key)


@cache_control(max_age=3600)
def resource(request: HttpRequest, block_type: str, uri: str) -> HttpResponse:
    """A public file of a block's package."""
    try:
        with block_class(block_type).open_local_resource(uri) as opened:
            content = opened.read()
    except (PluginMissingError, DisallowedFileError, OSError) as error:
        raise Http404 from error
    media_type = mimetypes.guess_type(uri)[0] or "application/octet-stream"
    if media_type == "text/css":
        content = without_remote_imports(content.decode()).encode()
    return HttpResponse(content, content_type=media_type)
