"""Who was told that a badge of theirs is about to expire."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.badges.models import Credential


class ExpiryReminder(models.Model):
    """
    The one message about the end of a credential's validity: taken up by a worker, then sent.

    .. pii: Says when a learner was written to; neither the address nor the text is kept.
    .. pii_types: other
    .. pii_retirement: retained
    """

    credential = models.OneToOneField(Credential, on_delete=models.PROTECT, related_name="expiry_reminder")
    claimed_at = models.DateTimeField(_("taken up at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("reminder of an expiry")
        verbose_name_plural = _("reminders of expiries")

    def __str__(self) -> str:
        return str(self.credential_id)
