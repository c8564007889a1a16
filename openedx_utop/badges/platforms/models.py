"""What is owed to badge platforms: written with the credential, sent later, kept as a record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.badges.models import Achievement, Credential


class PlatformAchievement(models.Model):
    """
    The badge of a platform that stands for one of ours.

    .. no_pii: Describes a badge.
    """

    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.CASCADE, related_name="platforms"
    )
    platform = models.CharField(_("platform"), max_length=32, help_text=_("As it is named in UTOP_BADGE_PLATFORMS."))
    badge = models.CharField(
        _("badge there"), max_length=128, help_text=_("The identifier that the platform gave to its badge.")
    )

    class Meta:
        verbose_name = _("badge on a platform")
        verbose_name_plural = _("badges on platforms")
        constraints = [
            models.UniqueConstraint(fields=["achievement", "platform"], name="utop_one_badge_per_platform"),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.achievement}"


class DeliveryKind(models.TextChoices):
    """What is asked of the platform."""

    ISSUE = "issue", _("issue")
    REVOKE = "revoke", _("revoke")


class DeliveryState(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    DONE = "done", _("done")
    STUCK = "stuck", _("stuck")
    CANCELLED = "cancelled", _("no longer needed")


class Delivery(models.Model):
    """
    One thing to do on a platform for one credential.

    .. pii: The e-mail address of the learner, while the badge is on its way.
    .. pii_types: email_address
    .. pii_retirement: local_api
    """

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="deliveries")
    platform = models.CharField(_("platform"), max_length=32)
    kind = models.CharField(_("task"), max_length=6, choices=DeliveryKind.choices)
    badge = models.CharField(_("badge there"), max_length=128)
    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING, db_index=True
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Of a row that is being sent: until then no other worker takes it up.
    due_at = models.DateTimeField(_("next attempt"))
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    identifier = models.CharField(_("identifier there"), max_length=255, blank=True)
    reason = models.TextField(_("what the platform said last"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("delivery to a badge platform")
        verbose_name_plural = _("deliveries to badge platforms")
        constraints = [
            models.UniqueConstraint(fields=["credential", "platform", "kind"], name="utop_one_delivery_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.get_kind_display()}"
