"""What the learner still lacks for the badge and the certificate; then both. Or for the badge of a part."""

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.fields import Scope, String
from xblock.utils.resources import ResourceLoader

from xblocks.leaf import LeafBlock

if TYPE_CHECKING:
    from openedx_utop.api import AchievementFacts, Evaluation

# A block's own templates cannot include the app's.
CONDITION = "openedx_utop/home/missing.html"
EXPIRED = "openedx_utop/badges/expired.html"


def offered_badges(block: "AwardBlock") -> list[dict[str, str]]:
    """What the author chooses from: the whole training's, then those of its parts."""
    from openedx_utop.api import achievements_of, action_for

    action = action_for(block.scope_ids.usage_id.context_key)
    parts = [each for each in achievements_of(action) if not each.is_whole] if action else []
    whole = {"display_name": _("The badge and the certificate of the whole training"), "value": ""}
    return [whole, *({"display_name": each.name, "value": str(each.uuid)} for each in parts)]


def _to_tell(part: "AchievementFacts | None", standing: "Evaluation | None") -> tuple[Any, ...]:
    """What is missing; of a part, the trade alone as long as it decides which modules are the learner's."""
    if standing is None:
        return ()
    return standing.missing[:1] if part and not standing.path else standing.missing


class AwardBlock(LeafBlock):
    """The list of what is missing, or the badge. Nothing to ask for, and nothing to complete."""

    completion_mode = XBlockCompletionMode.EXCLUDED
    # Staff who look as a given learner: it only shows.
    show_in_read_only_mode = True
    loader = ResourceLoader(__name__)
    editable_fields = ("display_name", "achievement")

    display_name = String(
        display_name=gettext_noop("Title"),
        help=gettext_noop("Shown above the badge, and above the list of what is missing."),
        default=gettext_noop("Your badge and your certificate"),
        scope=Scope.settings,
    )

    achievement = String(
        display_name=gettext_noop("Badge"),
        help=gettext_noop("Which badge of the training is shown here."),
        default="",
        scope=Scope.settings,
        values_provider=offered_badges,
    )

    def learner_view(self, user_id: int) -> Fragment:
        """Where this learner stands."""
        from openedx_utop.api import evaluation, outcome

        course_key, part = self.scope_ids.usage_id.context_key, self._part()
        chosen = part.uuid if part else None
        reached = outcome(user_id, course_key, chosen)
        standing = None if reached else evaluation(user_id, course_key, chosen)
        context = {
            "part": part,
            "outcome": reached,
            "evaluation": standing,
            "missing": [render_to_string(CONDITION, {"missing": each}) for each in _to_tell(part, standing)],
            "is_of_others": bool(part and standing and not standing.path) and self._is_path_known(user_id),
            "expired": render_to_string(EXPIRED, {"expired": reached.expired}) if reached and reached.expired else "",
            "home_url": reverse("openedx_utop:home"),
        }
        return self.rendered(context)

    def _is_path_known(self, user_id: int) -> bool:
        """Whether the learner has a trade: a part with nothing on their path is then of another."""
        from openedx_utop.api import learner_sector

        return learner_sector(user_id, self.scope_ids.usage_id.context_key) is not None

    def _part(self) -> "AchievementFacts | None":
        """The author's badge of a part, if the course has it: elsewhere the block shows that of the whole training."""
        from openedx_utop.api import achievements_of, action_for

        action = action_for(self.scope_ids.usage_id.context_key) if self.achievement else None
        parts = achievements_of(action)[1:] if action else ()
        return next((each for each in parts if str(each.uuid) == self.achievement), None)

    def staff_words(self) -> str:
        """What learners see here."""
        return _(
            "Learners see here what they still lack for their badge and their certificate, and then both. "
            "They come by themselves when the conditions of the training action hold."
        )
