"""Addresses of connections, encrypted."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import CourseKeyField


class ConnectionAddress(models.Model):
    """
    The IP address from which a learner opened units, from this instant to that of the next row.

    .. pii: Links an LMS user id to an IP address, which some funders demand as evidence. Encrypted; on no document.
    .. pii_types: ip, other
    .. pii_retirement: retained
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    course_key = CourseKeyField(_("course"), max_length=255)
    seen_at = models.DateTimeField(_("seen at"))
    ciphertext = models.TextField(_("encrypted address"))

    class Meta:
        verbose_name = _("address of a connection")
        verbose_name_plural = _("addresses of connections")
        indexes = [
            models.Index(fields=["user_id", "course_key", "seen_at"], name="utop_address_by_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.seen_at:%Y-%m-%d %H:%M:%S}"
