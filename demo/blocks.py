"""The host's containers, and the fields and handlers that it adds to every block."""

from functools import cache
from typing import Any

from django.template.loader import render_to_string
from openedx_filters.learning.filters import VerticalBlockRenderCompleted
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock, XBlockMixin
from xblock.fields import Boolean, DateTime, Dict, List, Scope, String

# Types whose published blocks carry another name than their OLX tag.
PUBLISHED_AS = {
    "html": "_html_extracted",
    "problem": "_problem_extracted",
    "video": "_video_extracted",
    "word_cloud": "_word_cloud_extracted",
}


class CourseSettings(XBlockMixin):
    """What the platform mixes into every block: access groups, grading, dates, and completion by viewing."""

    group_access = Dict(scope=Scope.settings, default={})
    graded = Boolean(scope=Scope.settings, default=False)
    format = String(scope=Scope.settings)
    start = DateTime(scope=Scope.settings)
    due = DateTime(scope=Scope.settings)
    show_correctness = String(scope=Scope.settings, default="always")

    @XBlock.json_handler
    def publish_completion(self, data: dict[str, Any], _suffix: str = "") -> dict[str, str]:
        """The unit's script saw the whole block for long enough."""
        if completes_on_view(type(self)):
            self.runtime.publish(self, "completion", {"completion": float(data["completion"])})
        return {"result": "ok"}


class Container(XBlock):
    """A block that shows its children."""

    has_children = True
    completion_mode = XBlockCompletionMode.AGGREGATOR
    display_name = String(scope=Scope.settings, default="")

    def visible_children(self) -> list[XBlock]:
        """The children that the learner may see."""
        return [self.runtime.get_block(key) for key in self.children if self.runtime.may_see(key)]


class CourseBlock(Container):
    """The root. Its dates and tabs come from the course's policy."""

    advanced_modules = List(scope=Scope.settings)
    language = String(scope=Scope.settings)
    end = DateTime(scope=Scope.settings)


class ChapterBlock(Container):
    """A section."""


class SequentialBlock(Container):
    """A subsection."""


class VerticalBlock(Container):
    """A unit: renders its components, then lets the filter's steps add to the page."""

    def student_view(self, context: dict[str, Any]) -> Fragment:
        """As the learner sees it."""
        fragment = self._with_children(context)
        try:
            _block, fragment, _context, _view = VerticalBlockRenderCompleted.run_filter(
                block=self, fragment=fragment, context=context, view="student_view"
            )
        except VerticalBlockRenderCompleted.PreventVerticalBlockRender as prevented:
            return Fragment(str(prevented.message))
        return fragment

    def _with_children(self, context: dict[str, Any]) -> Fragment:
        fragment = Fragment()
        components = []
        for child in self.visible_children():
            rendered = child.render("student_view", context)
            fragment.add_fragment_resources(rendered)
            components.append({"html": rendered.content, "completes_on_view": completes_on_view(type(child))})
        fragment.add_content(render_to_string("demo/vertical.html", {"unit": self, "components": components}))
        return fragment


HOST_BLOCKS = {"course": CourseBlock, "chapter": ChapterBlock, "sequential": SequentialBlock, "vertical": VerticalBlock}


@cache
def block_class(block_type: str) -> type[XBlock]:
    """The class of a block type; `xblock.plugin.PluginMissingError` if none is installed."""
    if block_type in HOST_BLOCKS:
        return HOST_BLOCKS[block_type]
    loaded: type[XBlock] = XBlock.load_class(PUBLISHED_AS.get(block_type, block_type))
    return loaded


def is_completable(cls: type[XBlock]) -> bool:
    """Whether learners complete blocks of this class."""
    return bool(XBlockCompletionMode.get_mode(cls) == XBlockCompletionMode.COMPLETABLE)


def completes_on_view(cls: type[XBlock]) -> bool:
    """Whether having seen such a block completes it."""
    is_scored = getattr(cls, "has_score", False)
    return is_completable(cls) and not is_scored and not getattr(cls, "has_custom_completion", False)
