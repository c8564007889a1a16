"""What organisations vouch for, as they signed it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.append_only import AppendOnly
from openedx_utop.badges.endorsements.data import Standing
from openedx_utop.badges.models import Achievement, Credential, StatusList
from openedx_utop.organizations.models import Provider


class Endorsement(models.Model):
    """
    An organisation's signed word for a badge, with the key that it was checked with, for the day the key is gone.

    .. pii: What is said of a learner's credential may speak of that learner; and the ids of the staff who kept it.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    # One of the three: what it is of.
    achievement = models.ForeignKey(
        Achievement,
        verbose_name=_("achievement"),
        on_delete=models.PROTECT,
        related_name="endorsements",
        null=True,
        blank=True,
    )
    provider = models.ForeignKey(
        Provider,
        verbose_name=_("training provider"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Whose badges carry it, whatever they are for."),
    )
    credential = models.ForeignKey(
        Credential,
        verbose_name=_("credential"),
        on_delete=models.PROTECT,
        related_name="endorsements",
        null=True,
        blank=True,
        help_text=_("One learner’s, which is signed again with it."),
    )
    # What was said that day: an endorsement vouches for that, and for nothing that was written later.
    vouched_sha256 = models.CharField(_("SHA-256 of what it vouches for"), max_length=64)
    document = models.TextField(_("signed JSON, or token"))
    identifier = models.CharField(_("its own address"), max_length=500)
    endorser = models.CharField(_("identity of the endorser (DID)"), max_length=255)
    endorser_name = models.CharField(_("endorser"), max_length=255)
    method = models.CharField(_("name of the key"), max_length=500)
    # A Multikey, or a JWK for a token.
    public_key = models.TextField(_("public key"))
    key_is_listed = models.BooleanField(_("the endorser lists the key"), default=True)
    key_checked_at = models.DateTimeField(_("key looked up at"))
    # By its own status list. Never looked up: it has none, or none that answered.
    standing = models.CharField(_("revoked or suspended"), max_length=9, choices=Standing.choices, blank=True)
    standing_checked_at = models.DateTimeField(_("status list looked up at"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    kept_at = models.DateTimeField(_("kept at"))
    kept_by = models.PositiveBigIntegerField(_("LMS user id of who kept it"), null=True)
    # True or nothing: databases take several nulls for different, and thus keep one per endorser.
    is_live = models.BooleanField(_("not withdrawn"), null=True, default=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_by = models.PositiveBigIntegerField(_("LMS user id of who withdrew it"), null=True)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "endorser", "is_live"], name="utop_one_endorsement_per_endorser"
            ),
            models.UniqueConstraint(
                fields=["provider", "endorser", "is_live"], name="utop_one_endorsement_of_an_issuer"
            ),
            models.UniqueConstraint(
                fields=["credential", "endorser", "is_live"], name="utop_one_endorsement_of_a_credential"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endorser_name}: {self.achievement or self.provider or self.credential}"


class FormerText(AppendOnly):
    """
    What a credential's text was before it was signed again with an endorsement: it says the same, and stays valid.

    .. pii: A salted hash of the learner's e-mail, with the results of the award.
    .. pii_types: email_address, other
    .. pii_retirement: retained
    """

    credential = models.ForeignKey(
        Credential, verbose_name=_("credential"), on_delete=models.PROTECT, related_name="former_texts"
    )
    document = models.TextField(_("signed JSON"))
    token = models.TextField(_("the same as a signed token (VC-JWT)"), blank=True)
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("former text of a credential")
        verbose_name_plural = _("former texts of credentials")

    def __str__(self) -> str:
        return f"{self.credential} {self.replaced_at}"


class GivenEndorsement(models.Model):
    """
    Our own signed word for a badge of somebody else, with its place in a status list, where it can be withdrawn.

    .. no_pii: Said by an organisation; and the id of the staff member who withdrew it.
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(
        Provider, verbose_name=_("training provider"), on_delete=models.PROTECT, related_name="+"
    )
    badge = models.CharField(_("what it is of"), max_length=500)
    document = models.TextField(_("signed JSON"))
    token = models.TextField(_("the same as a signed token (VC-JWT)"), blank=True)
    given_at = models.DateTimeField(_("given at"))
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="given_endorsements")
    status_index = models.PositiveIntegerField(_("place in the status list"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True)
    withdrawn_by = models.PositiveBigIntegerField(_("LMS user id of who withdrew it"), null=True)

    class Meta:
        verbose_name = _("endorsement given")
        verbose_name_plural = _("endorsements given")
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="utop_one_word_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.badge}"
