"""What the organizations domain says to others."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvalidSiret(ValueError):
    """A text that cannot be a SIRET; the message tells the person what to do."""


class InvalidCode(ValueError):
    """A text that cannot be an IDCC or a NAF code; the message tells the person what to do."""


class UnknownCompany(LookupError):
    """No company of the registry has this SIRET."""


class ReasonMissing(ValueError):
    """A decision against the rule says why; the message tells the person what to do."""


class CompanySearchError(Exception):
    """A search that gives nothing to show; the message tells the person what to do."""


class SearchTooVague(CompanySearchError):
    """Too few characters to search for."""


class RegisterUnavailable(CompanySearchError):
    """The public register could not be asked, and there is nothing to show instead."""


class UnknownProvider(LookupError):
    """No provider has this identifier."""


@dataclass(frozen=True)
class Siret:
    """Fourteen digits. A checksum that does not match warns and never blocks: real numbers of La Poste fail it.

    `restored_zero`: the text had lost its leading zero, as a spreadsheet that takes it for a number does.
    """

    value: str
    checksum_warning: bool
    restored_zero: bool = False


class FactsStatus(TextChoices):
    """What is known of a company, and who says so."""

    FOUND = "found", _("found in the register")
    UNKNOWN = "unknown", _("unknown to the register")
    UNAVAILABLE = "unavailable", _("the register could not be asked")
    CLOSED = "closed", _("closed")
    NON_DIFFUSIBLE = "non_diffusible", _("masked in the register")
    DECLARED = "declared", _("declared")
    OVERRIDDEN = "overridden", _("decided by the staff")


class Answer(TextChoices):
    """What the register answered the last time that it was asked about a company."""

    FOUND = "found", _("found")
    UNKNOWN = "unknown", _("unknown")
    UNAVAILABLE = "unavailable", _("no answer")


class Verdict(TextChoices):
    """Whether the company is small enough for the programme; REVIEW: an adviser says."""

    ELIGIBLE = "eligible", _("eligible")
    REVIEW = "review", _("to be reviewed by an adviser")
    NOT_ELIGIBLE = "not_eligible", _("not eligible")


class RevocationMethod(TextChoices):
    """How a provider's badges say where their revocation is looked up; each keeps the one that it was signed with."""

    BITSTRING = "bitstring", _("W3C Bitstring Status List: places, which tell nothing to who holds no badge")
    LIST = "list", _("1EdTech Revocation List: the revoked badges by their address, with the reason")


class Ground(TextChoices):
    """What a verdict rests on."""

    UNDER_LIMIT = "under_limit", _("headcount under the limit")
    OVER_LIMIT = "over_limit", _("headcount at the limit or over")
    ACROSS_LIMIT = "across_limit", _("the band lies across the limit")
    GROUP = "group", _("belongs to a group")
    HEADCOUNT_UNKNOWN = "headcount_unknown", _("headcount unknown")
    CLOSED = "closed", _("closed")
    DECISION = "decision", _("decision of the staff")


class Confidence(TextChoices):
    """How far a verdict can be trusted: the register said so lately, long ago, or only a person did."""

    HIGH = "high", _("the register says so")
    MEDIUM = "medium", _("the register said so long ago")
    LOW = "low", _("not from the register")


@dataclass(frozen=True)
class Headcount:
    """INSEE's band of employees and the year it describes, usually two or three years ago; unknown: "" and None."""

    band: str = ""
    year: int | None = None


@dataclass(frozen=True)
class CompanyFacts:
    """A company by one establishment (site), as the public register describes it; unknown: empty or None.

    `idccs` are the site's collective agreements, four digits each. `naf` is the site's, in `naf_nomenclature`
    (NAFRev2 or NAF2025). `enterprise_headcount` counts the whole company and decides on eligibility; `category` is
    PME, ETI or GE, groups included. `opco` is a slug of `normalise_opco`. A masked name is empty.
    """

    siret: str
    name: str = ""
    idccs: tuple[str, ...] = ()
    naf: str = ""
    naf_nomenclature: str = ""
    opco: str = ""
    site_headcount: Headcount = Headcount()
    enterprise_headcount: Headcount = Headcount()
    category: str = ""
    category_year: int | None = None
    is_site_open: bool = True
    is_enterprise_open: bool = True
    is_diffusible: bool = True
    address: str = ""
    postcode: str = ""
    commune: str = ""
    city: str = ""
    source: str = ""
    fetched_at: datetime | None = None
    payload_hash: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the site and its enterprise are both in business."""
        return self.is_site_open and self.is_enterprise_open


@dataclass(frozen=True)
class Eligibility:
    """Whether a company may take part, why, since when and by whom; `message` tells the person what to do.

    `resolved_by` is the LMS user id of who decided; None: the rule did.
    """

    verdict: Verdict
    ground: Ground
    message: str
    confidence: Confidence
    headcount: Headcount = Headcount()
    resolved_at: datetime | None = None
    resolved_by: int | None = None
    override_reason: str = ""


@dataclass(frozen=True)
class LookUp:
    """What is known of a number. `message`: one sentence for the person, what to do next. `warnings`: what to check.

    `is_stale`: the facts are older than the register is trusted for, and it could not be asked again.
    """

    siret: Siret
    status: FactsStatus
    facts: CompanyFacts | None
    verdict: Eligibility
    message: str
    warnings: tuple[str, ...] = ()
    is_stale: bool = False


@dataclass(frozen=True)
class CompanyMatch:
    """An establishment found by name and postcode; a masked name is empty."""

    siret: str
    name: str
    address: str
    postcode: str
    city: str
    naf: str
    headcount: Headcount
    is_head_office: bool
    is_open: bool


@dataclass(frozen=True)
class LineLookUp:
    """What became of one number of a list; no status: it is none, and `message` says why."""

    line: int
    text: str
    status: FactsStatus | None
    message: str


class Situation(TextChoices):
    """Why a learner has no company."""

    JOB_SEEKER = "job_seeker", _("job seeker")
    STUDENT = "student", _("student")
    OTHER = "other", _("other situation without a company")


@dataclass(frozen=True)
class EmployerFacts:
    """A company, by one establishment. `idcc` has four digits, `naf` is written 55.10Z; unknown: empty."""

    siret: str
    name: str
    idcc: str
    naf: str
    checksum_warning: bool


@dataclass(frozen=True)
class ProviderFacts:
    """The organisme de formation that signs certificates and issues badges; unknown: empty."""

    provider_id: int
    name: str
    siret: str
    activity_number: str
    address: str
    email: str
    url: str
    representative: str
    representative_title: str
    revocation_method: RevocationMethod = RevocationMethod.BITSTRING
    colour: str = ""
    second_colour: str = ""
    linkedin_number: str = ""
