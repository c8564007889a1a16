"""The action de formation: what is offered, how long it should take, and what it takes to succeed."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField

from openedx_utop.organizations.models import Provider


class Nature(models.TextChoices):
    """The four kinds of action of article L. 6313-1 of the French labour code."""

    TRAINING = "training", _("training action")
    SKILLS_REVIEW = "skills_review", _("skills review")
    VAE = "vae", _("validation of prior experience")
    APPRENTICESHIP = "apprenticeship", _("apprenticeship")


class TrainingAction(models.Model):
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
    requires_completion = models.BooleanField(_("every module of the learner's path completed"), default=True)
    required_grade = models.DecimalField(
        _("required grade, in percent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    required_minutes = models.PositiveIntegerField(_("required minutes on the platform"), default=0)

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
