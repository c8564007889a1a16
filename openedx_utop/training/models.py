"""The action de formation: what is offered, how long it should take, and what it takes to succeed."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField

from openedx_utop.organizations.models import Provider
from openedx_utop.training.data import NEWEST_DEFAULTS, PolicyFacts, RealisedRule


class Nature(models.TextChoices):
    """The four kinds of action of article L. 6313-1 of the French labour code."""

    TRAINING = "training", _("training action")
    SKILLS_REVIEW = "skills_review", _("skills review")
    VAE = "vae", _("validation of prior experience")
    APPRENTICESHIP = "apprenticeship", _("apprenticeship")


class ConditionFields(models.Model):
    """What it takes to succeed, as the operator enters it; what is 0 or not ticked is not asked for."""

    requires_completion = models.BooleanField(_("every module of the learner's path completed"), default=True)
    required_grade = models.DecimalField(
        _("required grade, in percent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    required_minutes = models.PositiveIntegerField(_("required minutes on the platform"), default=0)
    required_half_days = models.PositiveSmallIntegerField(_("required half-days of live sessions, signed"), default=0)
    requires_every_session = models.BooleanField(_("every live session of the training attended"), default=False)
    requires_validation = models.BooleanField(_("validated by a person"), default=False)
    validator_id = models.PositiveBigIntegerField(
        _("LMS user id of who validates"),
        null=True,
        blank=True,
        help_text=_("Empty: any of the course’s staff. Named, it is this person alone, trainer or adviser."),
    )

    class Meta:
        abstract = True


class TrainingAction(ConditionFields):
    """
    One course run offered to a public by a provider, with its conditions of success.

    .. no_pii: Describes a course.
    """

    course_key = CourseKeyField(_("course"), max_length=255, unique=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField(_("title"), max_length=255)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature.choices, default=Nature.TRAINING)
    objectives = models.TextField(_("objectives"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    default_module_minutes = models.PositiveSmallIntegerField(_("estimated minutes of a module"), default=15)
    sector_locked_from = models.DateField(
        _("trades are locked from"),
        null=True,
        blank=True,
        help_text=_("From this day on, a learner who wants another trade asks an adviser. Empty: never."),
    )

    enrolment_is_closed = models.BooleanField(
        _("only people listed may enrol"),
        default=False,
        help_text=_("Companies and advisers list them; whoever comes without a seat reads what to do."),
    )
    defaults_edition = models.PositiveSmallIntegerField(
        _("edition of the default policy of attendance"), default=NEWEST_DEFAULTS, editable=False
    )

    class Meta:
        verbose_name = _("training action")
        verbose_name_plural = _("training actions")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day comes before the first day.")})


class ModuleEstimate(models.Model):
    """
    The published average duration of one module (D. 6313-3-1, 2°), where it differs from the action's default.

    .. no_pii: Describes a course.
    """

    action = models.ForeignKey(TrainingAction, on_delete=models.CASCADE, related_name="estimates")
    usage_key = UsageKeyField(_("subsection"), max_length=255)
    minutes = models.PositiveSmallIntegerField(_("estimated minutes"))

    class Meta:
        verbose_name = _("estimated duration of a module")
        verbose_name_plural = _("estimated durations of modules")
        constraints = [
            models.UniqueConstraint(fields=["action", "usage_key"], name="utop_one_estimate_per_module"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_key}: {self.minutes} min"


class RealisedRuleChoice(models.TextChoices):
    """What fills the certificate's duration box for what is learnt online."""

    ESTIMATED = RealisedRule.ESTIMATED, _("the estimated duration of the modules completed")
    CONNECTION = RealisedRule.CONNECTION, _("the certified connection time")
    LOWER = RealisedRule.LOWER, _("the lower of the two")


class AttendancePolicy(models.Model):
    """
    One version of what an action certifies of the time recorded. A change is a new version: no row is ever altered.

    .. no_pii: About no learner; `created_by` is the number of an operator's account.
    """

    action = models.ForeignKey(
        TrainingAction, verbose_name=_("training action"), on_delete=models.PROTECT, related_name="policies"
    )
    version = models.PositiveIntegerField(_("version"), editable=False)
    effective_from = models.DateField(
        _("effective from"),
        help_text=_(
            "The first day counted with this version. Days before it keep the version they were counted with, "
            "so only an action’s first version may name a day that has passed."
        ),
    )
    activity_factor = models.DecimalField(
        _("most certified of an activity, as a multiple of its estimated duration"),
        max_digits=4,
        decimal_places=2,
        default=PolicyFacts.activity_factor,
        validators=[MinValueValidator(Decimal("0.5"))],
    )
    activity_minimum_minutes = models.PositiveSmallIntegerField(
        _("minutes of any activity that are certified at least, if they were recorded"),
        default=PolicyFacts.activity_minimum_seconds // 60,
    )
    day_limit_minutes = models.PositiveSmallIntegerField(
        _("most minutes certified of a day"),
        default=PolicyFacts.day_limit_seconds // 60,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
    )
    day_flag_minutes = models.PositiveSmallIntegerField(
        _("minutes of a day above which it is worth a look"),
        default=PolicyFacts.day_flag_seconds // 60,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
    )
    contract_first_day = models.DateField(
        _("first day of the contract"), null=True, blank=True, help_text=_("Empty: the action’s first day.")
    )
    contract_last_day = models.DateField(
        _("last day of the contract"), null=True, blank=True, help_text=_("Empty: the action’s last day.")
    )
    realised_rule = models.CharField(
        _("realised duration of what is learnt online"),
        max_length=20,
        choices=RealisedRuleChoice.choices,
        default=RealisedRuleChoice.ESTIMATED,
        help_text=_("As the funder asks. Signed live hours are added to it."),
    )
    records_ip = models.BooleanField(
        _("IP addresses are recorded"), default=False, help_text=_("Only where a funder demands them.")
    )
    is_eu_funded = models.BooleanField(
        _("co-financed by the European Union"),
        default=False,
        help_text=_("The sealed journal of a learner is kept for ten years then, instead of six."),
    )
    requires_trainer_signature = models.BooleanField(
        _("the trainer signs each half-day too"),
        default=True,
        help_text=_("Live hours are certified, and count as signed, only once the trainer has signed the half-day."),
    )
    action_facts = models.JSONField(
        _("dates and estimated durations of the action, as published then"), null=True, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = models.PositiveBigIntegerField(_("created by (LMS user id)"), editable=False)

    class Meta:
        verbose_name = _("policy of attendance")
        verbose_name_plural = _("policies of attendance")
        constraints = [
            models.UniqueConstraint(fields=["action", "version"], name="utop_one_policy_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.version}"

    def clean(self) -> None:
        """Refuse a contract that ends before it starts."""
        first, last = self.contract_first_day, self.contract_last_day
        if first and last and last < first:
            raise ValidationError({"contract_last_day": _("The last day comes before the first day.")})
