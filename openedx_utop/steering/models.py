"""Where learners stood when their path was last looked at, kept so that thousands can be sorted in the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField


class Progress(models.Model):
    """
    How much of their own path a learner has done. Derived from completions; `utop_reconcile` rebuilds it.

    .. pii: Links an LMS user id to progress in a course.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    modules_done = models.PositiveIntegerField(_("modules completed"))
    modules_total = models.PositiveIntegerField(_("modules of the path"))
    realised_seconds = models.PositiveIntegerField(_("estimated duration of the modules completed, in seconds"))
    estimated_seconds = models.PositiveIntegerField(_("estimated duration of the path, in seconds"))
    share = models.FloatField(_("share of the path completed, from 0 to 1"))
    is_finished = models.BooleanField(_("the whole path is completed"))
    looked_at = models.DateTimeField(_("looked at"))

    class Meta:
        verbose_name = _("progress of a learner")
        verbose_name_plural = _("progress of learners")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "course_key"], name="utop_one_progress_per_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.course_key}: {self.modules_done}/{self.modules_total}"
