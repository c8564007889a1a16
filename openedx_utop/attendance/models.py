"""Presence, and the little state that turns signs of life into it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField


class LearnerClock(models.Model):
    """
    The instant up to which a learner's time is accounted, over all tabs, devices and courses, and each tab's state.

    .. pii: Links an LMS user id to the instant of last activity.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), primary_key=True)
    frontier_ms = models.BigIntegerField(_("frontier, in ms since 1970"))
    clients = models.JSONField(_("state of each tab"), default=dict)
    version = models.PositiveBigIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("learner's clock")
        verbose_name_plural = _("learners' clocks")

    def __str__(self) -> str:
        return str(self.user_id)


class PresencePlace(models.Model):
    """
    Where one can be present: a unit, in its subsection. Written once, so that presences name it by a short number.

    .. no_pii: Content of courses.
    """

    id = models.AutoField(primary_key=True)
    course_key = CourseKeyField(_("course"), max_length=255)
    module_key = UsageKeyField(_("subsection"), max_length=255)
    unit_key = UsageKeyField(_("unit"), max_length=255)
    # Databases that compare text without its case would take keys that differ by it for the same.
    digest = models.CharField(_("SHA-256 of the keys"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("place of presence")
        verbose_name_plural = _("places of presence")

    def __str__(self) -> str:
        return f"{self.module_key}, {self.unit_key}"


class PresenceSource(models.TextChoices):
    """How the signs of life of a presence came."""

    LIVE = "live", _("in time")
    OFFLINE = "offline", _("after an outage")


class Presence(models.Model):
    """
    An interval `[start, end)` in which one learner was there, on one unit, in one tab.

    .. pii: Links an LMS user id to times of activity. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    # There are millions of rows to a few thousand places: an index would cost more than all that it would find, and
    # the databases make one for a constraint.
    place = models.ForeignKey(
        PresencePlace, models.PROTECT, verbose_name=_("place of presence"), db_index=False, db_constraint=False
    )
    client = models.CharField(_("tab"), max_length=36)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    source = models.CharField(_("source"), max_length=10, choices=PresenceSource.choices, default=PresenceSource.LIVE)
    # What the journal holds no longer grows: what follows is a presence of its own.
    journaled = models.BooleanField(_("in the journal"), default=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        indexes = [models.Index(fields=["user_id", "end"], name="utop_presence_by_end")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.start:%Y-%m-%d %H:%M:%S} – {self.end:%H:%M:%S}"


class IdleAccommodation(models.Model):
    """
    How many times the silence admitted of everybody is admitted of one learner, as the disability officer set it.

    .. pii: Links an LMS user id to an accommodation, from which a disability may be inferred. Shown on no document.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), unique=True)
    multiplier = models.DecimalField(
        _("multiplier of the admitted silence"),
        max_digits=2,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(4))],
        help_text=_(
            "From 1 to 4: 2 admits twice the silence. It takes effect at the next unit that the learner opens."
        ),
    )

    class Meta:
        verbose_name = _("accommodated silence")
        verbose_name_plural = _("accommodated silences")

    def __str__(self) -> str:
        return str(self.user_id)
