"""Seats in a training action: who lists people, which seats a company has, who holds or awaits one, invitations."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.organizations.models import Employer

SIRET_LENGTH = 14
EMAIL_LENGTH = 254


class ListManager(models.Model):
    """
    Somebody who enrols the people of one company in one course.

    .. pii: Links an LMS user id to the company it acts for.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    employer = models.ForeignKey(
        Employer, verbose_name=_("employer"), on_delete=models.PROTECT, related_name="list_managers"
    )
    course_key = CourseKeyField(_("course"), max_length=255)

    class Meta:
        verbose_name = _("manager of a company's enrolments")
        verbose_name_plural = _("managers of companies' enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "employer", "course_key"], name="utop_one_manager_per_desk"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.employer}, {self.course_key}"


class SeatPlan(models.Model):
    """
    How many seats a company has in a course. Its row is the lock under which they are given.

    .. no_pii: About companies.
    """

    course_key = CourseKeyField(_("course"), max_length=255)
    company = models.CharField(
        _("SIRET of the company"), max_length=SIRET_LENGTH, blank=True, help_text=_("Empty: those of no company.")
    )
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: as many as are asked for.")
    )

    class Meta:
        verbose_name = _("seats of a company")
        verbose_name_plural = _("seats of companies")
        constraints = [
            models.UniqueConstraint(fields=["course_key", "company"], name="utop_one_seat_plan_per_company"),
        ]

    def __str__(self) -> str:
        return f"{self.course_key}: {self.company or '–'}"


class EnrolmentList(models.Model):
    """
    A list that somebody pasted and applied. The same form sent twice is one list.

    .. pii: What was pasted, names and e-mail addresses, until every line is dealt with, for UTOP_LIST_DAYS at most.
    .. pii_types: name, email_address
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField(_("form"), unique=True)
    plan = models.ForeignKey(SeatPlan, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="lists")
    pasted_by = models.PositiveBigIntegerField(_("pasted by (LMS user id)"))
    pasted_at = models.DateTimeField(_("pasted at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    content = models.BinaryField(_("lines still to be dealt with, compressed"), default=bytes, blank=True)

    class Meta:
        verbose_name = _("enrolment list")
        verbose_name_plural = _("enrolment lists")

    def __str__(self) -> str:
        return f"{self.plan}, {self.pasted_at:%Y-%m-%d %H:%M}"


class SeatState(models.TextChoices):
    """How far a seat is; those invited and those who accepted take one up."""

    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("enrolled")
    WAITING = "waiting", _("on the waiting list")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Seat(models.Model):
    """
    A person's seat, or place on the waiting list, in a course for a company, known by the hash of their address.

    .. pii: Names and e-mail addresses of people who may have no account; erased after UTOP_LIST_DAYS. The keyed hash
      of the address remains, so that a list pasted again makes no second seat.
    .. pii_types: name, email_address
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    plan = models.ForeignKey(SeatPlan, verbose_name=_("seats"), on_delete=models.PROTECT, related_name="seats")
    email_hash = models.CharField(_("keyed hash of the e-mail address"), max_length=64)
    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    siret = models.CharField(_("SIRET"), max_length=SIRET_LENGTH, blank=True)
    sector = models.CharField(_("sector"), max_length=64, blank=True)
    level = models.CharField(_("level"), max_length=16, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SeatState.choices)
    rank = models.PositiveIntegerField(_("rank in the order of the lists"))
    listed_by = models.PositiveBigIntegerField(_("listed by (LMS user id)"))
    changed_by = models.PositiveBigIntegerField(_("changed by (LMS user id)"))
    changed_at = models.DateTimeField(_("changed at"))
    user_id = models.PositiveBigIntegerField(_("LMS user id"), null=True, blank=True)
    has_enrolled = models.BooleanField(_("accepting it enrolled the account"), default=False)
    reason = models.TextField(_("why it was withdrawn"), blank=True)
    is_notice_due = models.BooleanField(_("its holder is still to be told"), default=False)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "email_hash"], name="utop_one_seat_per_address"),
            models.UniqueConstraint(fields=["plan", "user_id"], name="utop_one_seat_per_account"),
        ]
        indexes = [models.Index(fields=["plan", "state", "rank"], name="utop_seat_order")]

    def __str__(self) -> str:
        return f"{self.plan}: {self.rank}"


class EnrolmentLine(models.Model):
    """
    A line of a list with the verdict it got. Deleted after UTOP_LIST_DAYS.

    .. pii: E-mail addresses as somebody wrote them.
    .. pii_types: email_address
    .. pii_retirement: local_api
    """

    source = models.ForeignKey(
        EnrolmentList, verbose_name=_("enrolment list"), on_delete=models.CASCADE, related_name="lines"
    )
    number = models.PositiveIntegerField(_("line"))
    email = models.CharField(_("e-mail address"), max_length=EMAIL_LENGTH, blank=True)
    verdict = models.CharField(_("verdict"), max_length=20)
    explanation = models.TextField(_("explanation"), blank=True)
    seat = models.ForeignKey(
        Seat, verbose_name=_("seat"), null=True, blank=True, on_delete=models.SET_NULL, related_name="lines"
    )

    class Meta:
        verbose_name = _("line of an enrolment list")
        verbose_name_plural = _("lines of enrolment lists")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="utop_one_verdict_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.verdict}"


class Invitation(models.Model):
    """
    A link that gives a seat to whoever opens it. The link itself is never stored: only the hash of its token.

    .. pii: Links an LMS user id to a seat.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, verbose_name=_("seat"), on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    claimed_at = models.DateTimeField(_("taken up for sending at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.PositiveBigIntegerField(_("accepted by (LMS user id)"), null=True, blank=True)
    from_other_address = models.BooleanField(_("accepted with an account of another e-mail address"), default=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.uuid)
