"""The author's side: access groups, and the editors of the blocks that bring one."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock
from xblock.utils.studio_editable import StudioEditableXBlockMixin

from demo.access import LearnerView
from demo.blocks import block_class
from demo.models import ContentGroup, Course
from demo.page_fragment import page_of
from demo.runtime import DemoRuntime
from demo.tree import CourseTree, Node
from demo.views.blocks import call_handler
from demo.views.signed_in import signed_in
from demo.views.staff import require_staff

RESTRICTABLE = ("chapter", "sequential", "vertical")
VIEWS = ("studio_view", "author_view")


@login_required
def structure(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """The course with the access groups of its sections, subsections and units."""
    course = get_object_or_404(Course, course_key=course_key)
    require_staff(request, course_key)
    names = {group.group_id: group.name for group in course.content_groups.all()}
    sections = [_row(node, names) for node in CourseTree(course_key).root.children]
    return render(request, "demo/studio.html", {"course": course, "sections": sections})


def _row(node: Node, names: dict[int, str]) -> dict[str, object]:
    ids = [group_id for allowed in node.group_access.values() for group_id in allowed]
    return {
        "key": node.key,
        "title": node.title,
        "groups": [names.get(group_id, str(group_id)) for group_id in ids],
        "children": [_row(child, names) for child in node.children if child.block_type in RESTRICTABLE],
        "editable": [{"key": child.key, "title": _title(child)} for child in node.children if _has_editor(child)],
    }


def _title(node: Node) -> str:
    """The author's title, else the block's own."""
    return str(node.row.settings.get("display_name") or _(block_class(node.block_type).display_name.default))


def _has_editor(node: Node) -> bool:
    return issubclass(block_class(node.block_type), StudioEditableXBlockMixin)


@login_required
def group_access(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """Who may see a section, subsection or unit."""
    node = _node(request, usage_key)
    if node.block_type not in RESTRICTABLE:
        raise Http404
    groups = ContentGroup.objects.filter(course__course_key=usage_key.course_key)
    if request.method == "POST":
        chosen = {int(group_id) for group_id in request.POST.getlist("groups") if group_id.isdigit()}
        _restrict(node, [group for group in groups if group.group_id in chosen])
        messages.success(request, _("The access of “%(title)s” was saved.") % {"title": node.title})
        return redirect("demo:studio", usage_key.course_key)
    allowed = {group_id for ids in node.group_access.values() for group_id in ids}
    page = {"node": node, "groups": groups, "allowed": allowed, "course_key": usage_key.course_key}
    return render(request, "demo/studio_access.html", page)


def _restrict(node: Node, groups: list[ContentGroup]) -> None:
    """No group: open to everybody."""
    access: dict[str, list[int]] = {}
    for group in groups:
        access.setdefault(str(group.partition_id), []).append(group.group_id)
    node.row.settings["group_access"] = access
    node.row.save(update_fields=["settings"])


@login_required
def editor(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """A block's own editor, and what authors see of the block."""
    node = _node(request, usage_key)
    if not _has_editor(node):
        raise Http404
    views: Iterator[str] = (name for name in VIEWS if hasattr(block_class(node.block_type), name))
    page = {"node": node, "title": _title(node), "views": list(views), "course_key": usage_key.course_key}
    return render(request, "demo/studio_editor.html", page)


@login_required
@ensure_csrf_cookie
def frame(request: HttpRequest, usage_key: UsageKey, view_name: str) -> HttpResponse:
    """One of the block's authoring views."""
    block = _block(request, usage_key)
    if view_name not in VIEWS or not hasattr(block, view_name):
        raise Http404
    return render(request, "demo/frame.html", page_of(block.render(view_name, {})))


@login_required
def handle(request: HttpRequest, usage_key: UsageKey, handler: str, suffix: str = "") -> HttpResponse:
    """What an editor's script asks, for example `submit_studio_edits`."""
    return call_handler(request, _block(request, usage_key), handler, suffix)


def _node(request: HttpRequest, usage_key: UsageKey) -> Node:
    require_staff(request, usage_key.course_key)
    tree = CourseTree(usage_key.course_key)
    if usage_key not in tree:
        raise Http404
    return tree[usage_key]


def _block(request: HttpRequest, usage_key: UsageKey) -> XBlock:
    require_staff(request, usage_key.course_key)
    view = LearnerView(CourseTree(usage_key.course_key), None, is_staff=True)
    if usage_key not in view.tree:
        raise Http404
    return DemoRuntime(signed_in(request), view, is_author=True).get_block(usage_key)
