"""The operator's dated rules from companies to sectors, and what was imported into them."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.sectors.rulebook.data import Table


class RuleKind(models.TextChoices):
    """What a rule looks at, the first that matches decides."""

    IDCC = "idcc", _("collective agreement (IDCC)")
    OPCO = "opco", _("sector fund (OPCO)")
    NAF = "naf", _("activity code (NAF), by prefix")


class SectorRule(models.Model):
    """
    Companies with this collective agreement, OPCO or activity code belong to this sector, between two dates.

    .. no_pii: Public nomenclatures.
    """

    kind = models.CharField(_("kind"), max_length=4, choices=RuleKind.choices)
    code = models.CharField(_("code"), max_length=32)
    sector = models.ForeignKey(
        "openedx_utop.Sector", verbose_name=_("sector"), on_delete=models.PROTECT, related_name="rules"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("Last day included; empty: open."))
    source = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("sector rule")
        verbose_name_plural = _("sector rules")
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "sector", "valid_from"], name="utop_one_rule_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} → {self.sector}"


class AgreementOpco(models.Model):
    """
    The OPCO that a collective agreement belongs to, between two dates.

    .. no_pii: Public nomenclatures.
    """

    idcc = models.CharField(_("collective agreement (IDCC)"), max_length=4)
    opco = models.CharField(_("sector fund (OPCO)"), max_length=32)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("Last day included; empty: open."))
    source = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("OPCO of a collective agreement")
        verbose_name_plural = _("OPCO of collective agreements")
        constraints = [
            models.UniqueConstraint(fields=["idcc", "opco", "valid_from"], name="utop_one_opco_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.idcc} → {self.opco}"


class RuleImport(models.Model):
    """
    A file for one of the two tables: looked at first, then applied, and kept to tell what was done.

    `edition` numbers those that were applied: two operators cannot both bring the next one.

    .. no_pii: About no learner; the numbers of operators' accounts tell who changed public rules.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid4, unique=True, editable=False)
    table = models.CharField(
        _("table"),
        max_length=8,
        choices=[(Table.SECTORS.value, _("sector rules")), (Table.OPCOS.value, _("OPCO of collective agreements"))],
    )
    content = models.BinaryField(_("file, compressed"))
    sent_by = models.PositiveBigIntegerField(_("LMS user id of who sent the file"), null=True)
    sent_at = models.DateTimeField(_("sent at"))
    edition = models.PositiveIntegerField(_("edition"), null=True, unique=True)
    applied_by = models.PositiveBigIntegerField(_("LMS user id of who applied the file"), null=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)
    created = models.PositiveIntegerField(_("rules created"), default=0)
    updated = models.PositiveIntegerField(_("rules updated"), default=0)

    class Meta:
        verbose_name = _("import of rules")
        verbose_name_plural = _("imports of rules")

    def __str__(self) -> str:
        return f"{self.table} {self.edition or '–'}"

    @property
    def table_kind(self) -> Table:
        """Which table the file is for."""
        return Table(self.table)
