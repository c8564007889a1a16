"""What a SIRET, an IDCC and a NAF code look like, whatever the way they were typed or pasted."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError
from stdnum.fr import siret

from openedx_utop.organizations.data import InvalidCode, InvalidSiret, Siret

SIRET_LENGTH = 14
SIREN_LENGTH = 9
IDCC_LENGTH = 4

# Unicode categories of what people and spreadsheets put between digits: spaces, invisible marks, dashes.
SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
# What a spreadsheet makes of a number this long: 4,18166E+13, less its separators; and 41816609600069,00.
SHORTENED = re.compile(r"[0-9],?[0-9]*E\+?[0-9]+", re.IGNORECASE)
NO_DECIMALS = re.compile(r"[0-9]{13,14}[.,]0{1,2}")
NAF = re.compile(r"(?P<division>[0-9]{2})(?P<rest>[0-9]{0,2}|[0-9]{2}[A-Z])")


def check_siret(text: str) -> Siret:
    """The number in the text; raises InvalidSiret if there is none."""
    value = without_separators(_without_spreadsheet_marks(text))
    if not value:
        raise InvalidSiret(_("Enter the 14 digits of your company's SIRET."))
    if SHORTENED.fullmatch(value):
        raise InvalidSiret(_shortened(text))
    if not _has_digits_only(value):
        raise InvalidSiret(_("A SIRET contains digits only. Check for a letter typed instead of a digit, O for 0."))
    if len(value) == SIREN_LENGTH:
        raise InvalidSiret(_("These 9 digits are a SIREN. Add the 5 digits of your establishment to have the SIRET."))
    if len(value) == SIRET_LENGTH - 1 and _has_valid_checksum(f"0{value}"):
        return Siret(f"0{value}", checksum_warning=False, restored_zero=True)
    if len(value) != SIRET_LENGTH:
        sentence = _("A SIRET has 14 digits, this one has %(count)d. Check that it is complete.")
        raise InvalidSiret(sentence % {"count": len(value)})
    if not value.strip("0"):
        raise InvalidSiret(_("This SIRET is made of zeros. Enter the one printed on your payslip."))
    return Siret(value, checksum_warning=not _has_valid_checksum(value))


def normalise_idcc(text: str) -> str:
    """Four digits, zero-padded; empty stays empty. Raises InvalidCode."""
    value = without_separators(text)
    if not value:
        return ""
    digits = value.lstrip("0")
    if not _has_digits_only(value) or not 0 < len(digits) <= IDCC_LENGTH:
        raise InvalidCode(_("An IDCC is a number of 1 to 4 digits, such as 1979."))
    return digits.zfill(IDCC_LENGTH)


def normalise_naf(text: str) -> str:
    """A NAF code or the beginning of one, as 55, 55.1, 55.10 or 55.10Z; empty stays empty. Raises InvalidCode."""
    value = without_separators(text).upper()
    if not value:
        return ""
    match = NAF.fullmatch(value)
    if match is None:
        raise InvalidCode(_("A NAF code has 2 to 4 digits, then a letter if it is complete, such as 55.10Z."))
    return match["division"] + (f".{match['rest']}" if match["rest"] else "")


def without_separators(text: str) -> str:
    """The text less spaces of any width, invisible marks, dots and dashes."""
    return "".join(character for character in text if not _separates(character))


def _without_spreadsheet_marks(text: str) -> str:
    """The text less what makes a cell a text (an apostrophe, ="…") and less decimals that are zeros."""
    bare = text.strip().removeprefix("=").strip("'\"’ ")
    packed = "".join(bare.split())
    return re.split("[.,]", packed)[0] if NO_DECIMALS.fullmatch(packed) else bare


def _shortened(text: str) -> str:
    return _(
        "A spreadsheet has shortened this SIRET to %(text)s, and its last digits are lost. Give the column the format"
        " “text”, then enter the number again."
    ) % {"text": text.strip()}


def _separates(character: str) -> bool:
    return character == "." or unicodedata.category(character) in SEPARATORS


def _has_digits_only(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _has_valid_checksum(value: str) -> bool:
    try:
        siret.validate(value)
    except ValidationError:
        return False
    return True
