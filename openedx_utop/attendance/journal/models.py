"""The sealed journal: rows that follow from each other by their hashes, and the seals of the days."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.append_only import AppendOnly

HASH_BYTES = 32
SIGNATURE_BYTES = 64
# The chain of what is said of a course itself has no learner.
NO_LEARNER = 0


class JournalChain(AppendOnly):
    """
    What the rows of one chain are about: one learner in one course, or a course.

    .. pii: Links an LMS user id to a course. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id, 0 for the course itself"))
    course_key = CourseKeyField(_("course"), max_length=255)

    class Meta:
        verbose_name = _("chain of the journal")
        verbose_name_plural = _("chains of the journal")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "course_key"], name="utop_one_chain_per_enrolment"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.course_key}"


class JournalRow(AppendOnly):
    """
    A fact, byte for byte as it was written, and its hash; the database refuses to change or delete it.

    `fact`: the live record that it tells of, the first one of several; nothing for what a course's chain says.

    .. pii: Times of activity, by the LMS user id of its chain. Legal evidence (R. 6313-3): kept, without a name.
    .. pii_types: other
    .. pii_retirement: retained
    """

    # The index that starts with the chain is that of the constraint.
    chain = models.ForeignKey(JournalChain, on_delete=models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField(_("place in the chain"))
    kind = models.CharField(_("kind of fact"), max_length=12)
    fact = models.PositiveBigIntegerField(_("number of the live record"), null=True)
    content = models.BinaryField(_("content"))
    hash = models.BinaryField(_("SHA-256"), max_length=HASH_BYTES)

    class Meta:
        verbose_name = _("row of the journal")
        verbose_name_plural = _("rows of the journal")
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="utop_one_row_per_place"),
            models.UniqueConstraint(fields=["kind", "fact"], name="utop_one_row_per_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.position}"


class JournalSeal(AppendOnly):
    """
    The signed root over all chains at the end of a day; the database refuses to change or delete it.

    .. no_pii: Hashes.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    day = models.DateField(_("day"), unique=True)
    content = models.BinaryField(_("content"))
    hash = models.BinaryField(_("SHA-256"), max_length=HASH_BYTES)
    signature = models.BinaryField(_("signature"), max_length=SIGNATURE_BYTES)

    class Meta:
        verbose_name = _("seal of a day")
        verbose_name_plural = _("seals of days")

    def __str__(self) -> str:
        return f"{self.number}: {self.day}"


class JournalPen(models.Model):
    """
    Whoever holds it writes into the journal and nobody else meanwhile: its one row is locked until they are done.

    It remembers too which presences need not be looked at any more; an index would take more room than the journal's.

    .. no_pii: Counters.
    """

    taken = models.PositiveBigIntegerField(_("times taken"), default=0)
    entered_until = models.PositiveBigIntegerField(_("all presences up to this number are in the journal"), default=0)
    seen_until = models.PositiveBigIntegerField(_("number of the last presence that there was"), default=0)
    seen_at = models.DateTimeField(_("at this instant"), null=True)

    class Meta:
        verbose_name = _("pen of the journal")
        verbose_name_plural = _("pen of the journal")

    def __str__(self) -> str:
        return str(self.taken)
