"""The operator's tree of trades, each learner's choice, and the tracks of a course."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField


class Sector(models.Model):
    """
    A trade of the operator's tree. Withdrawn rather than deleted once learners hold it.

    .. no_pii: Describes trades.
    """

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=255)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="branches"
    )
    is_offered = models.BooleanField(_("offered to new learners"), default=True)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChoiceMethod(models.TextChoices):
    """Who or what led to the sector."""

    COMPANY = "company", _("proposed from the company, confirmed by the learner")
    LEARNER = "learner", _("chosen by the learner")
    STAFF = "staff", _("set by an adviser")
    REQUEST = "request", _("asked for by the learner, accepted by an adviser")
    IMPORT = "import", _("from a list of enrolments")


class SectorChoice(models.Model):
    """
    One decision about a learner's sector in one course; rows are only ever added, the highest rank holds.

    .. pii: Links an LMS user id to a trade.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    rank = models.PositiveIntegerField(_("rank"))
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="choices")
    method = models.CharField(_("method"), max_length=10, choices=ChoiceMethod.choices)
    chosen_by = models.PositiveBigIntegerField(_("LMS user id of who decided"))
    chosen_at = models.DateTimeField(_("decided at"))
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("choice of sector")
        verbose_name_plural = _("choices of sector")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "course_key", "rank"], name="utop_one_choice_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.sector}"


class Track(models.Model):
    """
    A sector's way through one course: the content group that carries it.

    .. no_pii: Describes a course.
    """

    course_key = CourseKeyField(_("course"), max_length=255)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="tracks")
    group_name = models.CharField(
        _("content group"), max_length=255, help_text=_("Name of the content group in Studio.")
    )

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        constraints = [
            models.UniqueConstraint(fields=["course_key", "sector"], name="utop_one_track_per_sector"),
        ]

    def __str__(self) -> str:
        return f"{self.course_key}: {self.sector}"
