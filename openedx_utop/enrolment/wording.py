"""What verdicts and states are called."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from openedx_utop.enrolment.data import Verdict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# In the order in which the page counts them.
VERDICTS: dict[Verdict, "StrOrPromise"] = {
    Verdict.SEAT: _("a seat: invited by e-mail"),
    Verdict.WAITING: _("no seat left: waiting list"),
    Verdict.LISTED: _("listed already: nothing changes"),
    Verdict.DUPLICATE: _("twice in this list"),
    Verdict.MALFORMED: _("cannot be read"),
    Verdict.BAD_EMAIL: _("not an e-mail address"),
    Verdict.BAD_SIRET: _("not a SIRET"),
    Verdict.OTHER_COMPANY: _("another company"),
    Verdict.NOT_ELIGIBLE: _("company not eligible"),
    Verdict.UNKNOWN_SECTOR: _("unknown trade in this course"),
    Verdict.UNKNOWN_LEVEL: _("unknown level: débutant, intermédiaire or confirmé"),
}
GOOD = (Verdict.SEAT, Verdict.WAITING, Verdict.LISTED)
