"""Sessions at a set time, on site or by videoconference, and the signatures that prove who was there."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField

from openedx_utop.append_only import AppendOnly
from openedx_utop.official_time import official_zone


class Modality(models.TextChoices):
    """The three modalities with a set time; the fourth of the certificate is distance learning at one's own time."""

    ONSITE_GROUP = "onsite_group", _("on site, in a group")
    ONSITE_INDIVIDUAL = "onsite_individual", _("on site, one to one")
    REMOTE_LIVE = "remote_live", _("by videoconference")


class LiveSession(models.Model):
    """
    One session of a course, held in one or several half-days. `cancelled_at`: it did not, or will not, take place.

    .. pii: Links an LMS user id to the sessions that they train. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    course_key = CourseKeyField(_("course"), max_length=255, db_index=True)
    title = models.CharField(_("title"), max_length=255)
    modality = models.CharField(_("modality"), max_length=20, choices=Modality.choices)
    place = models.CharField(_("place"), max_length=255, blank=True)
    link = models.URLField(_("link of the videoconference"), max_length=500, blank=True)
    capacity = models.PositiveSmallIntegerField(_("number of places"), null=True, blank=True)
    trainer_id = models.PositiveBigIntegerField(_("LMS user id of the trainer"), null=True, blank=True)
    module_key = UsageKeyField(_("subsection"), max_length=255, null=True, blank=True)
    created_by = models.PositiveBigIntegerField(_("LMS user id of who entered it"))
    created_at = models.DateTimeField(_("entered at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_by = models.PositiveBigIntegerField(_("LMS user id of who cancelled it"), null=True, blank=True)
    cancellation_reason = models.TextField(_("reason of the cancellation"), blank=True)

    class Meta:
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")

    def __str__(self) -> str:
        return self.title


class LiveSessionChange(AppendOnly):
    """
    What somebody changed of a session while nothing of it was signed; rows are only ever added.

    `changes`: `[former value, new value]` by what changed; instants in ms since 1970.

    .. pii: Links LMS user ids to sessions that they train or plan. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="changes")
    changes = models.JSONField(_("former and new values"))
    changed_by = models.PositiveBigIntegerField(_("LMS user id of who changed it"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of a session")
        verbose_name_plural = _("changes of sessions")

    def __str__(self) -> str:
        return f"{self.session}: {', '.join(self.changes)}"


class LiveSlot(models.Model):
    """
    A half-day `[start, end)` of a session: what is signed.

    .. no_pii: Describes a course.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="slots")
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))

    class Meta:
        verbose_name = _("half-day")
        verbose_name_plural = _("half-days")
        constraints = [
            models.UniqueConstraint(fields=["session", "start"], name="utop_one_half_day_per_start"),
        ]

    def __str__(self) -> str:
        start, end = (instant.astimezone(official_zone()) for instant in (self.start, self.end))
        return f"{start:%Y-%m-%d %H:%M} – {end:%H:%M}"


class LiveRegistration(models.Model):
    """
    A learner's place in a session whose places are counted.

    .. pii: Links an LMS user id to a session.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="registrations")
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    registered_at = models.DateTimeField(_("registered at"))

    class Meta:
        verbose_name = _("registration for a session")
        verbose_name_plural = _("registrations for sessions")
        constraints = [
            models.UniqueConstraint(fields=["session", "user_id"], name="utop_one_place_per_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.session}"


class SigningMethod(models.TextChoices):
    """How a row of the attendance sheet came."""

    CODE = "code", _("signed by the learner, with the code")
    TRAINER = "trainer", _("signed by the trainer for the learner")
    IMPORT = "import", _("list of participants of the videoconference")
    CANCELLED = "cancelled", _("signature cancelled")


class LiveSignature(AppendOnly):
    """
    One line of evidence about a learner's presence in a half-day; rows are only ever added, the highest rank holds.

    `intervals`: the pairs [start, end) signed for, in ms since 1970, frozen; none in a row that cancels.

    .. pii: Links an LMS user id to times of presence. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    slot = models.ForeignKey(LiveSlot, on_delete=models.PROTECT, related_name="signatures")
    user_id = models.PositiveBigIntegerField(_("LMS user id"), db_index=True)
    rank = models.PositiveIntegerField(_("rank"))
    method = models.CharField(_("method"), max_length=10, choices=SigningMethod.choices)
    intervals = models.JSONField(_("intervals"), default=list)
    reason = models.TextField(_("reason"), blank=True)
    signed_by = models.PositiveBigIntegerField(_("LMS user id of who signed"))
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["slot", "user_id", "rank"], name="utop_one_signature_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.slot}: {self.method}"


class TrainerSignature(AppendOnly):
    """
    A trainer's own signature of a half-day; rows are only ever added.

    .. pii: Links an LMS user id to times of presence. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    slot = models.ForeignKey(LiveSlot, on_delete=models.PROTECT, related_name="trainer_signatures")
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("trainer's signature")
        verbose_name_plural = _("trainers' signatures")
        constraints = [
            models.UniqueConstraint(fields=["slot", "user_id"], name="utop_one_signature_per_trainer"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.slot}"


class SigningAttempts(models.Model):
    """
    How many wrong codes were entered in the running ten minutes, by one learner or for one half-day.

    .. pii: Links an LMS user id to wrong entries of the last minutes.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), null=True, unique=True)
    slot = models.OneToOneField(LiveSlot, on_delete=models.CASCADE, related_name="+", null=True)
    period = models.BigIntegerField(_("number of the ten minutes since 1970"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("entries of wrong codes")
        verbose_name_plural = _("entries of wrong codes")

    def __str__(self) -> str:
        return f"{self.user_id or self.slot}: {self.attempts}"
