"""The versions of a course's plan: what was written, by whom and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.append_only import AppendOnly
from openedx_utop.sectors.authoring.data import Origin


class TrackPlanVersion(AppendOnly):
    """
    Who might see what of a course at one time: rows written once, from which differences are shown and changes undone.

    .. no_pii: Describes a course; `author_id` is the number of an author's account.
    """

    course_key = CourseKeyField(_("course"), max_length=255)
    number = models.PositiveIntegerField(_("number"))
    origin = models.CharField(_("origin"), max_length=10, choices=[(origin.value, origin.value) for origin in Origin])
    author_id = models.PositiveBigIntegerField(_("author (LMS user id)"), null=True)
    created_at = models.DateTimeField(_("created at"))
    cells = models.JSONField(_("content groups by block"))
    titles = models.JSONField(_("titles of the blocks"))
    groups = models.JSONField(_("names of the content groups"))
    ways = models.JSONField(_("trade and level of the content groups"), null=True)

    class Meta:
        verbose_name = _("version of a course’s tracks")
        verbose_name_plural = _("versions of a course’s tracks")
        constraints = [
            models.UniqueConstraint(fields=["course_key", "number"], name="utop_one_plan_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.course_key}: {self.number}"
