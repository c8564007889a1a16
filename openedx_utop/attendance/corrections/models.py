"""What was added to or withdrawn from measured time, by whom and why, and what learners contest: rows written once."""

import secrets
import uuid

from django.core.files.storage import Storage, default_storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField

from openedx_utop.append_only import AppendOnly

EVIDENCE_STORAGE = "utop_evidence"


def evidence_storage() -> Storage:
    """The storage that the operator named `utop_evidence` in STORAGES, else the platform's default one."""
    return storages[EVIDENCE_STORAGE] if EVIDENCE_STORAGE in storages.backends else default_storage


def evidence_path(_correction: "Correction", _name: str) -> str:
    """A place that nobody guesses, without the extension that would make a web server serve it as a page."""
    return f"utop/evidence/{secrets.token_urlsafe(32)}"


class Reason(models.TextChoices):
    """Why time is added or withdrawn, in terms that a funder understands."""

    INCIDENT = "incident", _("technical incident: time that could not be measured")
    OFFLINE_WORK = "offline_work", _("work done away from the platform, with proof")
    TUTORING = "tutoring", _("individual tutoring (telephone, meeting, messages)")
    UNDETECTED = "undetected", _("activity that the measure does not detect")
    OTHER_ACCOUNT = "other_account", _("time recorded under another account")
    INACTIVE = "inactive", _("time counted without activity of the learner")
    CANCELLATION = "cancellation", _("cancellation of an earlier correction")
    OTHER = "other", _("other, explained below")


class AuthorRole(models.TextChoices):
    """In what capacity somebody corrected."""

    INSTRUCTOR = "instructor", _("administrator of the course")
    STAFF = "staff", _("staff of the course")


class Correction(AppendOnly):
    """
    Seconds added to a learner's day, or withdrawn from it: one row, whose state follows from its decision.

    .. pii: Links LMS user ids to times; the text and the document are the staff's words and may name people.
           Legal evidence (R. 6313-3): kept, by the account's number only.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    rank = models.PositiveIntegerField(_("rank among the learner's corrections"))
    course_key = CourseKeyField(_("course"), max_length=255)
    day = models.DateField(_("day"))
    module_key = UsageKeyField(_("subsection"), max_length=255, blank=True)
    seconds = models.IntegerField(_("seconds added, or withdrawn if negative"))
    reason_code = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    text = models.TextField(_("explanation"))
    author_id = models.PositiveBigIntegerField(_("LMS user id of the author"))
    author_role = models.CharField(_("role of the author"), max_length=20, choices=AuthorRole.choices)
    recorded_at = models.DateTimeField(_("recorded at"))
    needs_second_person = models.BooleanField(_("needs a second person"))
    after_issue = models.BooleanField(_("a certificate had been issued"))
    evidence_file = models.FileField(_("document"), storage=evidence_storage, upload_to=evidence_path, blank=True)
    evidence_name = models.CharField(_("name of the document"), max_length=255, blank=True)
    evidence_sha256 = models.CharField(_("SHA-256 of the document"), max_length=64, blank=True)
    evidence_names_others = models.BooleanField(_("the document speaks of other people"), default=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [models.Index(fields=["course_key", "needs_second_person"], name="utop_corrections_of_course")]
        constraints = [
            models.UniqueConstraint(fields=["user_id", "rank"], name="utop_one_correction_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.day}: {self.seconds:+d} s"


class CorrectionDecision(AppendOnly):
    """
    What a second person decided about a correction, once.

    .. pii: Links LMS user ids to a decision; the text is the staff's and may name people. Legal evidence: kept.
    .. pii_types: other
    .. pii_retirement: retained
    """

    correction = models.OneToOneField(
        Correction, verbose_name=_("correction"), on_delete=models.PROTECT, related_name="decision"
    )
    is_accepted = models.BooleanField(_("accepted"))
    why = models.TextField(_("explanation"), blank=True)
    decided_by = models.PositiveBigIntegerField(_("LMS user id of who decided"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on a correction")
        verbose_name_plural = _("decisions on corrections")

    def __str__(self) -> str:
        return str(self.correction_id)


class Contest(AppendOnly):
    """
    A figure that a learner contests, in their own words, with the figure that was shown to them then.

    .. pii: Links an LMS user id to times; the words are the learner's and may name people. Legal evidence: kept.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    day = models.DateField(_("day"), null=True, blank=True)
    module_key = UsageKeyField(_("subsection"), max_length=255, blank=True)
    shown_seconds = models.PositiveIntegerField(_("seconds shown"))
    claimed_minutes = models.PositiveIntegerField(_("minutes claimed"))
    words = models.TextField(_("words of the learner"))
    contested_at = models.DateTimeField(_("contested at"))

    class Meta:
        verbose_name = _("contested figure")
        verbose_name_plural = _("contested figures")
        indexes = [models.Index(fields=["course_key", "user_id"], name="utop_contests_of_course")]

    def __str__(self) -> str:
        return str(self.uuid)


class ContestAnswer(AppendOnly):
    """
    The answer to a contest, with the correction that followed, if one did; once.

    .. pii: Links an LMS user id to an answer; the words are the staff's and may name people. Legal evidence: kept.
    .. pii_types: other
    .. pii_retirement: retained
    """

    contest = models.OneToOneField(
        Contest, verbose_name=_("contested figure"), on_delete=models.PROTECT, related_name="answer"
    )
    correction = models.ForeignKey(
        Correction,
        verbose_name=_("correction"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
    )
    words = models.TextField(_("words of the staff"))
    answered_by = models.PositiveBigIntegerField(_("LMS user id of who answered"))
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to a contested figure")
        verbose_name_plural = _("answers to contested figures")

    def __str__(self) -> str:
        return str(self.contest_id)
