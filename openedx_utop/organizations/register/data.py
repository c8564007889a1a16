"""What the registers' adapters say."""

from dataclasses import dataclass, field
from typing import Any

from openedx_utop.organizations.data import CompanyFacts

Json = dict[str, Any]


class NoAnswer(Exception):
    """The register is not to be asked, or did not answer, or not in a way that can be read; the message is for logs."""


@dataclass(frozen=True)
class RegisterFacts:
    """A company as the register knows it, and its answer word for word."""

    facts: CompanyFacts
    payload: Json = field(repr=False)


@dataclass(frozen=True)
class FundFacts:
    """The fund (OPCO) of an establishment, as a slug, and the collective agreement that it follows from; or empty."""

    opco: str
    idcc: str
    payload: Json = field(repr=False)
