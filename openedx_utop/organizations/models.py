"""Who exists: the training provider, the learner's employer."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from openedx_utop.append_only import AppendOnly
from openedx_utop.organizations.data import Answer, Confidence, Ground, RevocationMethod, Situation, Verdict

LINKEDIN_NUMBER = RegexValidator(r"^[1-9][0-9]{0,14}$", _("The number of a page of LinkedIn is written in digits."))
COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("A colour is written as # and six digits, such as #17407f."))


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
    revocation_method = models.CharField(
        _("how badges are revoked"),
        max_length=9,
        choices=RevocationMethod.choices,
        default=RevocationMethod.BITSTRING,
        help_text=_("For the badges issued from now on; those issued before keep theirs."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[COLOUR],
        help_text=_("Of the badges drawn from a template: #17407f, for instance. Empty: the product’s own."),
    )
    second_colour = models.CharField(_("second colour"), max_length=7, blank=True, validators=[COLOUR])
    linkedin_number = models.CharField(
        _("number of its page on LinkedIn"),
        max_length=15,
        blank=True,
        validators=[LINKEDIN_NUMBER],
        help_text=_("As in linkedin.com/company/1234567/admin: learners who add a badge there then name that page."),
    )

    class Meta:
        verbose_name = _("training provider")
        verbose_name_plural = _("training providers")

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """
    A company, known by the SIRET of one establishment: what a person said of it, what the register says, a verdict.

    .. no_pii: Facts of the public company register, and the id of the staff member who decided on the company.
    """

    siret = models.CharField(_("SIRET"), max_length=14, unique=True)
    checksum_warning = models.BooleanField(_("the checksum does not match"), default=False)
    # As declared by a person: each holds for as long as the register says nothing of it.
    name = models.CharField(_("declared name"), max_length=255, blank=True)
    naf = models.CharField(_("declared activity code (NAF)"), max_length=6, blank=True)
    idcc = models.CharField(_("declared collective agreement (IDCC)"), max_length=4, blank=True)

    register_name = models.CharField(_("name"), max_length=255, blank=True)
    register_naf = models.CharField(_("activity code (NAF)"), max_length=6, blank=True)
    idccs = models.JSONField(_("collective agreements (IDCC)"), default=list, blank=True)
    naf_nomenclature = models.CharField(_("nomenclature of the activity code"), max_length=12, blank=True)
    opco = models.CharField(_("OPCO"), max_length=32, blank=True)
    site_band = models.CharField(_("headcount of the establishment (band)"), max_length=2, blank=True)
    site_band_year = models.PositiveSmallIntegerField(_("year of that headcount"), null=True, blank=True)
    enterprise_band = models.CharField(_("headcount of the company (band)"), max_length=2, blank=True)
    enterprise_band_year = models.PositiveSmallIntegerField(_("year of the company's headcount"), null=True, blank=True)
    category = models.CharField(_("category of company (PME, ETI, GE)"), max_length=3, blank=True)
    category_year = models.PositiveSmallIntegerField(_("year of the category"), null=True, blank=True)
    is_site_open = models.BooleanField(_("the establishment is open"), default=True)
    is_enterprise_open = models.BooleanField(_("the company is open"), default=True)
    is_diffusible = models.BooleanField(_("the register publishes its name"), default=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    commune = models.CharField(_("commune (INSEE code)"), max_length=5, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)

    source = models.CharField(_("source of the facts"), max_length=64, blank=True)
    fetched_at = models.DateTimeField(_("facts looked up at"), null=True, blank=True)
    payload_hash = models.CharField(_("SHA-256 of the answer"), max_length=64, blank=True)
    # The last time the register was asked, whatever it answered.
    asked_at = models.DateTimeField(_("register last asked at"), null=True, blank=True)
    answer = models.CharField(_("what the register answered last"), max_length=16, choices=Answer.choices, blank=True)

    verdict = models.CharField(_("verdict on the headcount"), max_length=16, choices=Verdict.choices, blank=True)
    verdict_ground = models.CharField(_("ground of the verdict"), max_length=20, choices=Ground.choices, blank=True)
    verdict_confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence.choices, blank=True)
    resolved_at = models.DateTimeField(_("verdict given at"), null=True, blank=True)
    resolved_by = models.PositiveBigIntegerField(_("LMS user id of who decided"), null=True, blank=True)
    override_reason = models.TextField(_("reason of the decision"), blank=True)

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        indexes = [models.Index(fields=["postcode"], name="utop_employer_by_postcode")]

    def __str__(self) -> str:
        return self.register_name or self.name or self.siret


class RegisterAnswer(models.Model):
    """
    What a source said of a company the last time that it answered, word for word.

    Only the last: who has their name masked must not be found in an older one.

    .. no_pii: Answers of the public company register.
    """

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="answers")
    source = models.CharField(_("source"), max_length=64)
    fetched_at = models.DateTimeField(_("looked up at"))
    payload_hash = models.CharField(_("SHA-256 of the answer"), max_length=64)
    payload = models.JSONField(_("answer"), default=dict)

    class Meta:
        verbose_name = _("answer of the register")
        verbose_name_plural = _("answers of the register")
        constraints = [models.UniqueConstraint(fields=["employer", "source"], name="utop_one_answer_per_source")]

    def __str__(self) -> str:
        return f"{self.employer}, {self.source}, {self.fetched_at:%Y-%m-%d}"


class EligibilityDecision(AppendOnly):
    """
    A person's decision on a company's eligibility, against the rule or back to it (no verdict); the last one holds.

    .. no_pii: Names the staff member who decided by their LMS user id, as a matter of record.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(_("verdict on the headcount"), max_length=16, choices=Verdict.choices, blank=True)
    reason = models.TextField(_("reason"))
    decided_by = models.PositiveBigIntegerField(_("LMS user id of who decided"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("decision on eligibility")
        verbose_name_plural = _("decisions on eligibility")
        indexes = [models.Index(fields=["employer", "decided_at"], name="utop_decision_by_employer")]

    def __str__(self) -> str:
        return f"{self.employer}: {self.verdict or '–'}"


class Employment(models.Model):
    """
    Which company a learner works for.

    .. pii: Links an LMS user id to an employer, whose name, if the learner had to give it, nobody else is shown.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), unique=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    name = models.CharField(_("name of the company, as the learner gives it"), max_length=255, blank=True)
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")

    def __str__(self) -> str:
        return f"{self.user_id} → {self.employer}"


class WithoutCompany(models.Model):
    """
    A learner who works for no company, and why.

    .. pii: Links an LMS user id to a situation (job seeker, student).
    .. pii_types: other
    .. pii_retirement: local_api
    """

    user_id = models.PositiveBigIntegerField(_("LMS user id"), unique=True)
    situation = models.CharField(_("situation"), max_length=16, choices=Situation.choices)
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("learner without a company")
        verbose_name_plural = _("learners without a company")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_situation_display()}"
