"""Contacts between the team and a learner: the assistance that distance training owes (D. 6313-3-1, 1°)."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.append_only import AppendOnly

LONGEST_SUBJECT = 200


class Channel(models.TextChoices):
    """By which means."""

    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")
    MESSAGE = "message", _("text message or chat")
    FORUM = "forum", _("course forum")
    VIDEO = "video", _("videoconference")
    IN_PERSON = "in_person", _("in person")
    POST = "post", _("post")


class Direction(models.TextChoices):
    """Who turned to whom."""

    FROM_TEAM = "from_team", _("the team contacted the learner")
    FROM_LEARNER = "from_learner", _("the learner contacted the team")


class AssistanceContact(AppendOnly):
    """
    One contact with a learner. Rows are only ever added: one that `withdraws` another says in `text` why.

    .. pii: Links an LMS user id to contacts with the team and what they were about. Legal evidence, kept.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    author_id = models.PositiveBigIntegerField(_("LMS user id of who wrote this"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    direction = models.CharField(_("direction"), max_length=12, choices=Direction.choices)
    at = models.DateTimeField(_("date and time of the contact"))
    minutes = models.PositiveSmallIntegerField(_("duration, in minutes"), default=0)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    text = models.TextField(_("what was said"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    withdraws = models.OneToOneField(
        "self", verbose_name=_("withdraws"), null=True, on_delete=models.PROTECT, related_name="withdrawal"
    )

    class Meta:
        verbose_name = _("contact with a learner")
        verbose_name_plural = _("contacts with learners")
        indexes = [models.Index(fields=["course_key", "user_id", "at"], name="utop_contact_by_learner")]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.at:%Y-%m-%d %H:%M}: {self.subject}"
