"""The door to the corrections of attendance."""

from openedx_utop.attendance.corrections.data import CorrectionFacts
from openedx_utop.attendance.corrections.ledger import effective, effective_of

__all__ = [
    "CorrectionFacts",
    "effective",
    "effective_of",
]
