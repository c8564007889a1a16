"""What our blocks share: leaves that show plain words instead of breaking the unit they stand in."""

import logging
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.utils.resources import ResourceLoader
from xblock.utils.studio_editable import StudioEditableXBlockMixin

logger = logging.getLogger(__name__)
plain = ResourceLoader(__name__)


@dataclass(frozen=True)
class Viewer:
    """Who looks at the block; `user_id` is None for visitors."""

    user_id: int | None
    is_staff: bool


@XBlock.needs("i18n", "user")
class LeafBlock(StudioEditableXBlockMixin, XBlock):
    """A block without children. Its words come from the catalogue of the app, which is installed wherever it is."""

    has_author_view = True
    leads_to_tracks = False
    loader: ResourceLoader

    @XBlock.supports("multi_device")
    def student_view(self, _context: dict[str, Any] | None = None) -> Fragment:
        """As this learner sees it; an error of ours is logged, and the rest of the unit stays."""
        try:
            return self._view_for(self._viewer())
        except Exception:
            logger.exception("%s could not be shown", self.scope_ids.usage_id)
            return self._words(_("This part of the page is not available just now. The rest of the unit works."))

    def learner_view(self, user_id: int) -> Fragment:
        """As a learner sees it."""
        raise NotImplementedError

    def staff_words(self) -> str:
        """What the block is for, told to staff and authors."""
        raise NotImplementedError

    def author_view(self, _context: dict[str, Any] | None = None) -> Fragment:
        """In Studio: what learners will see, and the way to the table of tracks from a block about them."""
        return self._words(self.staff_words(), self.tracks_url() if self.leads_to_tracks else "")

    def tracks_url(self) -> str:
        """The author's table of the course's tracks; empty where there is none: in the LMS, in a library."""
        context_key = self.scope_ids.usage_id.context_key
        try:
            return reverse("openedx_utop_studio:authoring", args=[context_key]) if context_key.is_course else ""
        except NoReverseMatch:
            return ""

    @property
    def title(self) -> str:
        """The author's title, else ours in the reader's language."""
        is_set = self.fields["display_name"].is_set_on(self)
        return str(self.display_name) if is_set else _(self.fields["display_name"].default)

    def index_dictionary(self) -> dict[str, Any]:
        """What searching the course finds."""
        index: dict[str, Any] = super().index_dictionary()
        index["content"] = {**index.get("content", {}), **self.student_view_data()}
        index["content_type"] = self.fields["display_name"].default
        return index

    def student_view_data(self, _context: dict[str, Any] | None = None) -> dict[str, str]:
        """What the author wrote; nothing of any learner."""
        return {"display_name": str(self.display_name)}

    def rendered(self, context: dict[str, Any], *, name: str = "block", init: str | None = None) -> Fragment:
        """The block's own template and style sheet, and its script if it has one; `init` is the script's function."""
        fragment = Fragment(self.loader.render_django_template(f"templates/{name}.html", {"block": self, **context}))
        fragment.add_css_url(self.runtime.local_resource_url(self, f"public/{name}.css"))
        if init:
            fragment.add_javascript_url(self.runtime.local_resource_url(self, f"public/{name}.js"))
            fragment.initialize_js(init)
        return fragment

    def _viewer(self) -> Viewer:
        attributes = self.runtime.service(self, "user").get_current_user().opt_attrs
        user_id = attributes.get("edx-platform.user_id")
        return Viewer(int(user_id) if user_id else None, bool(attributes.get("edx-platform.user_is_staff")))

    def _view_for(self, viewer: Viewer) -> Fragment:
        from openedx_utop.api import official_zone

        if viewer.is_staff:
            return self._words(self.staff_words())
        if viewer.user_id is None:
            return self._words(_("Sign in to see this part of the page."))
        # The platform runs in UTC, whose day is another one at night.
        with timezone.override(official_zone()):
            return self.learner_view(viewer.user_id)

    def _words(self, text: str, tracks_url: str = "") -> Fragment:
        context = {"title": self.title, "text": text, "tracks_url": tracks_url}
        return Fragment(plain.render_django_template("templates/words.html", context))
