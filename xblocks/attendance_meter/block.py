"""The learner's time, moving while it is counted."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.fields import Boolean, Scope, String
from xblock.utils.resources import ResourceLoader

from xblocks.leaf import LeafBlock


class AttendanceMeterBlock(LeafBlock):
    """Time on the course, and on this module beside its published average duration. Nothing to complete."""

    completion_mode = XBlockCompletionMode.EXCLUDED
    # Staff who look as a given learner: it only shows.
    show_in_read_only_mode = True
    loader = ResourceLoader(__name__)
    editable_fields = ("display_name", "shows_module")

    display_name = String(
        display_name=gettext_noop("Title"),
        help=gettext_noop("Shown in the outline of the course's author; learners do not see it."),
        default=gettext_noop("Your time"),
        scope=Scope.settings,
    )
    shows_module = Boolean(
        display_name=gettext_noop("Show the module's time"),
        help=gettext_noop("Beside its estimated duration."),
        default=True,
        scope=Scope.settings,
    )

    def learner_view(self, user_id: int) -> Fragment:
        """The figures of this learner."""
        from openedx_utop.api import course_time, estimated_seconds

        course_key = self.scope_ids.usage_id.context_key
        time, module_key = course_time(user_id, course_key), self._module_key()
        context = {
            "total": time.total_seconds,
            "module": time.by_module.get(module_key, 0) if module_key else 0,
            "estimate": estimated_seconds(module_key) if self.shows_module and module_key else 0,
            "page_url": reverse("openedx_utop:attendance", kwargs={"course_key": course_key}),
            # The same words as the filter `duration`, for the script.
            "hours": _("{hours} h {minutes:02d} min"),
            "minutes": _("{minutes} min"),
            "seconds": _("less than a minute"),
        }
        return self.rendered(context, init="UtopAttendanceMeter")

    def staff_words(self) -> str:
        """What learners see here."""
        return _(
            "Learners see here their time on this course, and on this module beside its estimated duration. "
            "The time of staff and authors is not counted."
        )

    def _module_key(self) -> UsageKey | None:
        """The subsection that the block stands in."""
        block: Any = self
        while block is not None and block.scope_ids.block_type != "vertical":
            block = block.get_parent()
        return block.parent if block is not None else None
