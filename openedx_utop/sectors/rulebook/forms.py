"""The forms of a single rule of the operator's two tables."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from openedx_utop.sectors.rulebook.files import normalised_code
from openedx_utop.sectors.rulebook.models import AgreementOpco
from openedx_utop.sectors.rulebook.rules import IDCC, OPCO


class DatedForm(forms.ModelForm):
    """A rule between two days."""

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("valid_from"), values.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _backwards())
        return values


class SectorRuleForm(DatedForm):
    """A rule, its code as companies carry it."""

    def clean(self) -> dict[str, Any]:
        """Normalise the code according to its kind."""
        values = super().clean()
        try:
            values["code"] = normalised_code(values.get("kind", ""), values.get("code", ""))
        except ValueError as refusal:
            self.add_error("code", str(refusal))
        return values


class AgreementOpcoForm(DatedForm):
    """The OPCO of an agreement, by the name that people give it; one at a time."""

    def clean_idcc(self) -> str:
        """Four digits."""
        return _normalised(IDCC, self.cleaned_data["idcc"])

    def clean_opco(self) -> str:
        """Its slug."""
        return _normalised(OPCO, self.cleaned_data["opco"])

    def clean(self) -> dict[str, Any]:
        """Refuse a second OPCO on the same day."""
        values = super().clean()
        if not self.errors and self._others(values).exists():
            raise ValidationError(_two_opcos())
        return values

    def _others(self, values: dict[str, Any]) -> Any:
        others = AgreementOpco.objects.filter(idcc=values["idcc"]).exclude(pk=self.instance.pk)
        if values.get("valid_to"):
            others = others.filter(valid_from__lte=values["valid_to"])
        return others.filter(Q(valid_to=None) | Q(valid_to__gte=values["valid_from"]))


def _normalised(kind: str, text: str) -> str:
    try:
        return normalised_code(kind, text)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from refusal


def _backwards() -> str:
    return _("the last day comes before the first day")


def _two_opcos() -> str:
    return _("This agreement has another OPCO on one of these days: give that line its last day first.")
