"""What learners decide about receiving badges: evidence of their will, written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.append_only import AppendOnly
from openedx_utop.badges.models import Award


class BadgeChoice(AppendOnly):
    """
    A learner wants the badge of an award or refuses it; without an award: those of all awards to come. The last holds.

    .. pii: Links an LMS user id to a decision about an award.
    .. pii_types: other
    .. pii_retirement: retained
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), db_index=True)
    award = models.ForeignKey(
        Award, verbose_name=_("award"), null=True, on_delete=models.PROTECT, related_name="choices"
    )
    is_wanted = models.BooleanField(_("the badge is wanted"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("learner’s choice about badges")
        verbose_name_plural = _("learners’ choices about badges")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.is_wanted}"
