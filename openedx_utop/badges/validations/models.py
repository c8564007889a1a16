"""Validations: rows written once, the last of a learner and an achievement holds."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.append_only import AppendOnly
from openedx_utop.badges.models import Achievement


class Validation(AppendOnly):
    """
    A trainer or adviser confirmed that a learner has what an achievement stands for, or withdrew that: one row each.

    `words`: the remark, or why it was withdrawn.

    .. pii: Links LMS user ids to a judgement; the words are the staff's and may name people. Evidence behind
           certificates: kept, by the account's number only.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.PROTECT, related_name="validations"
    )
    rank = models.PositiveIntegerField(_("rank"))
    is_given = models.BooleanField(_("validated"))
    day = models.DateField(_("day"))
    words = models.TextField(_("remark"), blank=True)
    recorded_by = models.PositiveBigIntegerField(_("LMS user id of who validated"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("validation")
        verbose_name_plural = _("validations")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "achievement", "rank"], name="utop_one_validation_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.achievement}"


class Awaited(models.Model):
    """
    A learner fulfils everything of an achievement but the validation: whoever validates finds them in a list.

    .. pii: Links an LMS user id to an achievement.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.CASCADE, related_name="awaited"
    )
    since = models.DateTimeField(_("since"), db_index=True)

    class Meta:
        verbose_name = _("awaited validation")
        verbose_name_plural = _("awaited validations")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "achievement"], name="utop_one_wait_per_achievement"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.achievement}"
