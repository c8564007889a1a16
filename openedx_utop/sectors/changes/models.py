"""A learner asks for another trade, and the answer."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.models import Sector


class ChangeRequest(models.Model):
    """
    A learner asks for another sector after the lock date; rows are only ever added, and one at a time is open.

    .. pii: Links an LMS user id to a trade; the reason is in the learner's words.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    rank = models.PositiveIntegerField(_("rank"))
    sector = models.ForeignKey(Sector, verbose_name=_("sector"), on_delete=models.PROTECT, related_name="requests")
    level = models.CharField(_("level"), max_length=16, choices=Level.choices, blank=True)
    reason = models.TextField(_("why"))
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("request for a change of sector")
        verbose_name_plural = _("requests for a change of sector")
        indexes = [models.Index(fields=["course_key", "asked_at"], name="utop_request_by_course")]
        constraints = [
            models.UniqueConstraint(fields=["user_id", "course_key", "rank"], name="utop_one_request_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.sector}?"


class Outcome(models.TextChoices):
    """How a request ended."""

    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn by the learner")


class ChangeAnswer(models.Model):
    """
    What became of a request, once; the row is never altered.

    .. pii: Links LMS user ids to a decision; the reason is in the adviser's words.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    request = models.OneToOneField(
        ChangeRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="answer"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("why"), blank=True)
    answered_by = models.PositiveBigIntegerField(_("LMS user id of who answered"))
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to a request for a change of sector")
        verbose_name_plural = _("answers to requests for a change of sector")

    def __str__(self) -> str:
        return f"{self.request}: {self.outcome}"
