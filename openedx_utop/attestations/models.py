"""What was attested, frozen."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField

from openedx_utop.append_only import AppendOnly


class Attestation(models.Model):
    """
    A certificat de réalisation with its annexed attestation d'assiduité: the frozen context that the PDF is made of.

    After a correction of time another one replaces it; the highest rank of an award holds.

    .. pii: Holds the learner's name, employer and times. Legal evidence (R. 6313-3, R. 6332-26).
    .. pii_types: id, name, other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    award_uuid = models.UUIDField(_("award"), editable=False)
    rank = models.PositiveIntegerField(_("rank among the documents of the award"), default=1)
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("cancels and replaces"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )
    correction_uuids = models.JSONField(_("corrections that the figures include"), default=list)
    user_id = models.PositiveBigIntegerField(_("LMS user id"), db_index=True)
    course_key = CourseKeyField(_("course"), max_length=255)
    template_version = models.CharField(_("version of the template"), max_length=16)
    context = models.JSONField(_("frozen context"))
    context_sha256 = models.CharField(_("SHA-256 of the frozen context"), max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    name_is_public = models.BooleanField(_("the full name is shown to whoever verifies"), default=False)

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [
            models.UniqueConstraint(fields=["award_uuid", "rank"], name="utop_one_attestation_per_rank"),
        ]

    def __str__(self) -> str:
        return self.number


class ErasedAttestation(AppendOnly):
    """
    What is left of a document whose time is over: whoever still holds it can check that it was issued, and with what.

    .. no_pii: Numbers, dates and a hash; of whom it was, only the identifier of the award tells, if that is there.
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True)
    # Whoever was awarded is not certified again.
    award_uuid = models.UUIDField(_("award"), db_index=True, editable=False)
    context_sha256 = models.CharField(_("SHA-256 of the frozen context"), max_length=64)
    issued_at = models.DateTimeField(_("issued at"))
    replaced_by = models.CharField(_("number of the document that replaced it"), max_length=32, blank=True)
    years = models.PositiveSmallIntegerField(_("years for which it was kept"))
    erased_at = models.DateTimeField(_("erased at"))

    class Meta:
        verbose_name = _("erased attestation")
        verbose_name_plural = _("erased attestations")

    def __str__(self) -> str:
        return self.number
