"""What people are told when a correction or a contest is refused."""

from django.utils.translation import gettext as _

from openedx_utop.attendance.corrections import data
from openedx_utop.templatetags.utop import clock


def sentence(refusal: data.CorrectionError) -> tuple[str | None, str]:
    """The field that it is about, None for all of them together, and a sentence for who asked."""
    if isinstance(refusal, data.BelowZero):
        available = clock(refusal.available)
        return "minutes", _(
            "No more can be withdrawn there than {available}, what waits for a second person included."
        ).format(available=available)
    field, text = _by_kind().get(type(refusal), (None, _("This is not possible.")))
    return field, text


def _by_kind() -> dict[type[data.CorrectionError], tuple[str | None, str]]:
    return {
        data.NoChange: ("minutes", _("Nothing is added or withdrawn.")),
        data.LongerThanADay: ("minutes", _("The day would hold more than twenty-four hours.")),
        data.InTheFuture: ("day", _("This day has not come yet.")),
        data.OutsideAction: ("day", _("This day lies outside the dates of the training.")),
        data.NoSuchModule: ("module", _("This module is not of this course.")),
        data.NoSuchLearner: (None, _("This person is not enrolled in the course and was never present in it.")),
        data.OwnTime: (None, _("Nobody corrects their own time: ask a colleague.")),
        data.OwnCorrection: (None, _("You wrote this correction: another person must decide.")),
        data.AlreadyDecided: (None, _("Somebody decided before you.")),
        data.AlreadyAnswered: (None, _("Somebody answered before you.")),
        data.UnknownCorrection: (None, _("This correction is not of this learner.")),
        data.TooManyContests: (None, _("Your earlier questions wait for an answer: please be patient.")),
    }
