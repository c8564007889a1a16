"""What the organizations domain says to others."""

from dataclasses import dataclass


class InvalidSiret(ValueError):
    """A text that cannot be a SIRET; the message tells the person what to do."""


class InvalidCode(ValueError):
    """A text that cannot be an IDCC or a NAF code; the message tells the person what to do."""


class UnknownProvider(LookupError):
    """No provider has this identifier."""


@dataclass(frozen=True)
class Siret:
    """Fourteen digits. A checksum that does not match warns and never blocks: real numbers of La Poste fail it."""

    value: str
    checksum_warning: bool


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
