"""What the learner still lacks for the badge and the certificate; then both."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.fields import Scope, String
from xblock.utils.resources import ResourceLoader

from xblocks.leaf import LeafBlock

# A block's own templates cannot include the app's.
CONDITION = "openedx_utop/home/missing.html"


class AwardBlock(LeafBlock):
    """The list of what is missing, or the badge. Nothing to ask for, and nothing to complete."""

    completion_mode = XBlockCompletionMode.EXCLUDED
    # Staff who look as a given learner: it only shows.
    show_in_read_only_mode = True
    loader = ResourceLoader(__name__)
    editable_fields = ("display_name",)

    display_name = String(
        display_name=gettext_noop("Title"),
        help=gettext_noop("Shown above the badge, and above the list of what is missing."),
        default=gettext_noop("Your badge and your certificate"),
        scope=Scope.settings,
    )

    def learner_view(self, user_id: int) -> Fragment:
        """Where this learner stands."""
        from openedx_utop.api import evaluation, outcome

        course_key = self.scope_ids.usage_id.context_key
        reached = outcome(user_id, course_key)
        standing = None if reached else evaluation(user_id, course_key)
        context = {
            "outcome": reached,
            "evaluation": standing,
            "missing": [render_to_string(CONDITION, {"missing": each}) for each in standing.missing]
            if standing
            else [],
            "home_url": reverse("openedx_utop:home"),
        }
        return self.rendered(context)

    def staff_words(self) -> str:
        """What learners see here."""
        return _(
            "Learners see here what they still lack for their badge and their certificate, and then both. "
            "They come by themselves when the conditions of the training action hold."
        )
