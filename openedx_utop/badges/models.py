"""Achievements, awards, and the credentials that follow from them."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.badges.data import Level, Scope
from openedx_utop.badges.letters import plain_letters
from openedx_utop.organizations.data import RevocationMethod
from openedx_utop.sectors.models import Sector
from openedx_utop.training.models import ConditionFields, TrainingAction


class Skill(models.Model):
    """
    A skill of a public framework (ESCO, ROME, DigComp, RNCP…), imported by the operator.

    .. no_pii: Public nomenclatures.
    """

    framework = models.CharField(_("framework"), max_length=32)
    code = models.CharField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=500)
    url = models.URLField(_("address"), max_length=500)
    # The name without accents and capitals: databases differ in whether they look past them.
    plain_name = models.CharField(_("name without accents"), max_length=600, default="", editable=False)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["framework", "code"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="utop_one_skill_per_code")]

    def __str__(self) -> str:
        return f"{self.framework} {self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the name to search by."""
        self.plain_name = plain_letters(self.name)
        super().save(*args, **kwargs)


class SkillImport(models.Model):
    """
    From which file the skills of a framework came, and when; the last of a framework says what it is today.

    .. no_pii: Names files that others publish.
    """

    framework = models.CharField(_("framework"), max_length=32)
    source = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    imported_at = models.DateTimeField(_("imported at"))
    skills = models.PositiveIntegerField(_("skills in the file"))
    created = models.PositiveIntegerField(_("added"))
    updated = models.PositiveIntegerField(_("changed"))

    class Meta:
        verbose_name = _("import of skills")
        verbose_name_plural = _("imports of skills")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.framework}: {self.source}"


class AchievementImage(models.Model):
    """
    A picture, known by its content: badges signed with it keep it when the achievement takes another.

    .. no_pii: Pictures of badges.
    """

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    png = models.BinaryField(_("picture"))
    # Uploaded in the editor, and no badge has it yet.
    waits_since = models.DateTimeField(_("waits to be kept since"), null=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("picture of a badge")
        verbose_name_plural = _("pictures of badges")

    def __str__(self) -> str:
        return self.sha256


class Achievement(ConditionFields):
    """
    What a badge says, of a whole training action or of a part of it: a module, a block of competences.

    The conditions of the whole action are in the action's own columns; those here are of a part. `modules`: the
    subsections that a part is about, as text; none: the learner's whole path.

    .. no_pii: Describes a badge; `validator_id` is the number of a trainer's account.
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    action = models.ForeignKey(
        TrainingAction, verbose_name=_("training action"), on_delete=models.PROTECT, related_name="achievements"
    )
    # True or nothing: databases take several nulls for different, and thus keep one achievement of the whole action.
    is_whole = models.BooleanField(_("of the whole action"), null=True, default=True, editable=False)
    modules = models.JSONField(_("subsections"), default=list, blank=True)
    grade_of_action = models.BooleanField(_("the grade is that of the whole action"), default=False)
    minutes_of_action = models.BooleanField(_("the minutes are those of the whole action"), default=False)
    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"))
    criteria = models.TextField(
        _("criteria"),
        blank=True,
        help_text=_("What it takes to earn the badge. Empty: written from the conditions."),
    )
    image = models.ForeignKey(
        AchievementImage, verbose_name=_("picture"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the picture was drawn from, to be drawn again otherwise; nothing for one that was uploaded.
    drawing = models.JSONField(_("template of the picture"), null=True, blank=True)
    skills = models.ManyToManyField(Skill, verbose_name=_("skills"), blank=True, related_name="achievements")
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True)
    sector = models.ForeignKey(
        Sector, verbose_name=_("trade"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("Whose path the badge certifies. Empty: any."),
    )  # fmt: skip
    validity_months = models.PositiveSmallIntegerField(
        _("validity, in months"), null=True, blank=True, help_text=_("Empty: the badge does not expire.")
    )

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.UniqueConstraint(fields=["action", "is_whole"], name="utop_one_achievement_of_the_whole"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """What of the action it stands for."""
        if self.is_whole:
            return Scope.ACTION
        return Scope.MODULE if len(self.modules) == 1 else Scope.BLOCK


class AchievementVersion(models.Model):
    """
    What an achievement said in the badges signed while it said so, known by its content; never changed.

    .. no_pii: Describes a badge.
    """

    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.PROTECT, related_name="versions"
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    document = models.TextField(_("JSON as it was signed"))

    class Meta:
        verbose_name = _("version of an achievement")
        verbose_name_plural = _("versions of achievements")
        constraints = [
            models.UniqueConstraint(fields=["achievement", "sha256"], name="utop_one_version_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement} {self.sha256[:8]}"


class Award(models.Model):
    """
    The fact that a learner fulfilled an achievement's conditions, with the figures of that moment.

    `action` is the achievement's, so that whoever asks for a course's awards needs no second table.

    .. pii: Links an LMS user id to results and time. Evidence behind certificates.
    .. pii_types: other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    user_id = models.PositiveBigIntegerField(_("LMS user id"))
    action = models.ForeignKey(TrainingAction, on_delete=models.PROTECT, related_name="awards")
    achievement = models.ForeignKey(
        Achievement, verbose_name=_("achievement"), on_delete=models.PROTECT, related_name="awards"
    )
    awarded_at = models.DateTimeField(_("awarded at"), db_index=True)
    evaluation = models.JSONField(_("figures at that moment"))

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "achievement"], name="utop_one_award_per_achievement"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.achievement}"


class StatusList(models.Model):
    """
    A list in which anyone looks up whether a credential was revoked: signed bits, or addresses with reasons.

    .. no_pii: Places in it are random, addresses too.
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    method = models.CharField(
        _("method"), max_length=9, choices=RevocationMethod.choices, default=RevocationMethod.BITSTRING
    )
    # Credentials, and our words for the badges of others, are listed apart.
    is_of_endorsements = models.BooleanField(_("of endorsements given"), default=False)
    document = models.TextField(_("JSON as it is served"))
    token = models.TextField(_("the same as a signed token (VC-JWT)"), blank=True)

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")

    def __str__(self) -> str:
        return str(self.uuid)


class Credential(models.Model):
    """
    An Open Badges 3.0 credential, byte for byte as it was signed.

    .. pii: Holds the learner's name and a salted hash of the e-mail, with the results of the award.
    .. pii_types: name, email_address, other
    .. pii_retirement: retained
    """

    uuid = models.UUIDField(_("public identifier"), unique=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="credentials")
    document = models.TextField(_("signed JSON"))
    token = models.TextField(_("signed JWT"), blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    holder_name = models.CharField(_("name of the holder"), max_length=255)
    name_is_public = models.BooleanField(_("the full name is shown to whoever verifies"), default=False)
    # Its holder decides. No more after a refusal, nor once the account is gone.
    is_shown = models.BooleanField(_("shown to whoever has the link"), default=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, db_index=True)
    # True or nothing: databases take several nulls for different, and thus keep one live credential per award.
    is_live = models.BooleanField(_("not revoked"), null=True, default=True)
    # Nothing for what was issued before there were lists.
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="credentials", null=True)
    status_index = models.PositiveIntegerField(_("place in the status list"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revocation_reason = models.TextField(_("reason of the revocation"), blank=True)
    revoked_by = models.PositiveBigIntegerField(_("LMS user id of who revoked"), null=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.UniqueConstraint(fields=["award", "is_live"], name="utop_one_live_credential"),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="utop_one_credential_per_place"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
