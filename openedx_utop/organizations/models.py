"""Who exists: the training provider, the learner's employer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Provider(models.Model):
    """
    The organisme de formation that signs certificates and issues badges.

    .. no_pii: The legal representative is named as an officer of a registered company (public register).
    """

    name = models.CharField(_("name"), max_length=255)
    siret = models.CharField(_("SIRET"), max_length=14, unique=True)
    activity_number = models.CharField(
        _("activity declaration number (NDA)"), max_length=20, blank=True, help_text=_("Eleven digits.")
    )
    address = models.TextField(_("address"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    url = models.URLField(_("web site"), blank=True)
    representative = models.CharField(_("legal representative"), max_length=255, blank=True)
    representative_title = models.CharField(_("title of the representative"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("training provider")
        verbose_name_plural = _("training providers")

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """
    A company, known by the SIRET of one establishment, and the facts that lead to its sector.

    .. no_pii: Facts of the public company register.
    """

    siret = models.CharField(_("SIRET"), max_length=14, unique=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    idcc = models.CharField(_("collective agreement (IDCC)"), max_length=4, blank=True)
    naf = models.CharField(_("activity code (NAF)"), max_length=6, blank=True)
    checksum_warning = models.BooleanField(_("the checksum does not match"), default=False)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")

    def __str__(self) -> str:
        return self.name or self.siret


class Employment(models.Model):
    """
    Which company a learner works for.

    .. pii: Links an LMS user id to an employer.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), unique=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")

    def __str__(self) -> str:
        return f"{self.user_id} → {self.employer}"
