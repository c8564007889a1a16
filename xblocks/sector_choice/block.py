"""The learner says, or confirms, their trade."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Scope, String
from xblock.utils.resources import ResourceLoader

from xblocks.leaf import LeafBlock


class SectorChoiceBlock(CompletableXBlockMixin, LeafBlock):
    """Company by SIRET, the trade it leads to, one tap to confirm. Complete once the learner holds a trade."""

    leads_to_tracks = True
    loader = ResourceLoader(__name__)
    editable_fields = ("display_name", "prompt")

    display_name = String(
        display_name=gettext_noop("Title"),
        help=gettext_noop("Shown above the choice, and in the outline of the course's author."),
        default=gettext_noop("Your trade"),
        scope=Scope.settings,
    )
    prompt = String(
        display_name=gettext_noop("Introduction"),
        help=gettext_noop("A sentence or two before the choice, in the language of the course. May stay empty."),
        default="",
        multiline_editor=True,
        scope=Scope.content,
    )
    is_completed = Boolean(default=False, scope=Scope.user_state)

    def learner_view(self, user_id: int) -> Fragment:
        """The choice where this learner stands."""
        from openedx_utop.api import choice_panel, learner_sector

        course_key = self.scope_ids.usage_id.context_key
        context = {
            "panel": choice_panel(user_id, course_key, now=timezone.now()),
            "is_held": learner_sector(user_id, course_key) is not None,
            "page_url": reverse("openedx_utop:sector-choice", kwargs={"course_key": course_key}),
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "words": script_words(),
        }
        fragment = self.rendered(context, init="UtopSectorChoice")
        for sheet in ("utop.css", "sectors.css"):
            fragment.add_css_url(static(f"openedx_utop/{sheet}"))
        return fragment

    def staff_words(self) -> str:
        """What learners do here."""
        from openedx_utop.api import offer_of, offered_sectors

        offered = offered_sectors(self.scope_ids.usage_id.context_key)
        if not offered:
            return _(
                "Learners choose their trade here, but this course has no track yet: "
                "link each trade to a content group in the administration."
            )
        names = ", ".join(sector.name for sector in offered)
        if offer_of(self.scope_ids.usage_id.context_key).is_on:
            return _(
                "Learners enter the SIRET of their company here, confirm their trade, among: {trades}, and say their "
                "level."
            ).format(trades=names)
        return _("Learners enter the SIRET of their company here and confirm their trade, among: {trades}.").format(
            trades=names
        )

    def student_view_data(self, _context: dict[str, Any] | None = None) -> dict[str, str]:
        """What the author wrote; nothing of any learner."""
        return {**super().student_view_data(), "prompt": self.prompt}

    @XBlock.json_handler
    def chosen(self, _data: Any, _suffix: str = "") -> dict[str, bool]:
        """Complete the block: the script says that a trade was chosen, and we look whether it was.

        Nothing is completed for a learner as whom somebody of the staff looks at the course.
        """
        from openedx_utop.api import learner_sector, own_learner

        user_id = own_learner(self)
        if user_id is None or learner_sector(user_id, self.scope_ids.usage_id.context_key) is None:
            raise JsonHandlerError(HTTPStatus.CONFLICT, _("No trade is chosen yet."))
        self.emit_completion(1.0)
        self.is_completed = True
        return {"complete": True}


def script_words() -> dict[str, str]:
    """What the script may have to say."""
    return {
        "failed": _("This could not be saved. Check your connection and try again."),
        "working": _("One moment…"),
    }
