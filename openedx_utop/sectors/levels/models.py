"""The levels of a course, the groups that carry them, and each learner's level."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.sectors.levels.data import Level
from openedx_utop.sectors.models import ChoiceMethod, Track

LENGTH = 16


class CourseLevel(models.Model):
    """
    A level that a course offers; without a row it has no levels.

    .. no_pii: Describes a course.
    """

    course_key = CourseKeyField(_("course"), max_length=255)
    level = models.CharField(_("level"), max_length=LENGTH, choices=Level.choices)
    is_default = models.BooleanField(_("of learners who have not told theirs"), default=False)

    class Meta:
        verbose_name = _("level of a course")
        verbose_name_plural = _("levels of courses")
        constraints = [
            models.UniqueConstraint(fields=["course_key", "level"], name="utop_level_once_per_course"),
        ]

    def __str__(self) -> str:
        return f"{self.course_key}: {self.level}"


class LevelGroup(models.Model):
    """
    The content group of a track's learners of one level. The track's own group is that of the default level.

    .. no_pii: Describes a course.
    """

    track = models.ForeignKey(Track, verbose_name=_("track"), on_delete=models.CASCADE, related_name="level_groups")
    level = models.CharField(_("level"), max_length=LENGTH, choices=Level.choices)
    group_name = models.CharField(_("content group"), max_length=255)

    class Meta:
        verbose_name = _("content group of a level")
        verbose_name_plural = _("content groups of levels")
        constraints = [
            models.UniqueConstraint(fields=["track", "level"], name="utop_one_group_per_level"),
        ]

    def __str__(self) -> str:
        return f"{self.track}, {self.level}"


class LevelChoice(models.Model):
    """
    One decision about a learner's level in one course; rows are only ever added, the highest rank holds.

    .. pii: Links an LMS user id to how far along the learner is.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    rank = models.PositiveIntegerField(_("rank"))
    level = models.CharField(_("level"), max_length=LENGTH, choices=Level.choices)
    method = models.CharField(_("method"), max_length=10, choices=ChoiceMethod.choices)
    chosen_by = models.PositiveBigIntegerField(_("LMS user id of who decided"))
    chosen_at = models.DateTimeField(_("decided at"))
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("choice of level")
        verbose_name_plural = _("choices of level")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "course_key", "rank"], name="utop_one_level_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.level}"
