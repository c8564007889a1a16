"""Providers, and the companies that learners work for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openedx_utop.organizations.api import check_siret, normalise_idcc, normalise_naf
from openedx_utop.organizations.models import Employer, Employment, Provider


class SiretField(forms.CharField):
    """A SIRET however it is typed, kept as fourteen digits."""

    def clean(self, value: Any) -> str:
        """Fourteen digits, or what to do."""
        return _normalised(lambda text: check_siret(text).value, super().clean(value))


class ProviderForm(forms.ModelForm):
    """A provider."""

    siret = SiretField(label=_("SIRET"))


class EmployerForm(forms.ModelForm):
    """A company; the warning about the checksum follows from the number."""

    siret = SiretField(label=_("SIRET"))

    def clean_siret(self) -> str:
        """The number, and whether its checksum matches."""
        siret = check_siret(self.cleaned_data["siret"])
        self.instance.checksum_warning = siret.checksum_warning
        return siret.value

    def clean_idcc(self) -> str:
        """Four digits."""
        return _normalised(normalise_idcc, self.cleaned_data["idcc"])

    def clean_naf(self) -> str:
        """As 55.10Z."""
        return _normalised(normalise_naf, self.cleaned_data["naf"])


def _normalised(normalise: Callable[[str], str], text: str) -> str:
    try:
        return normalise(text)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from refusal


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    """Who signs certificates and issues badges."""

    form = ProviderForm
    list_display = ("name", "siret", "activity_number", "representative")
    search_fields = ("name", "siret")


@admin.register(Employer)
class EmployerAdmin(admin.ModelAdmin):
    """Companies and the facts that lead to their sector."""

    form = EmployerForm
    list_display = ("siret", "name", "idcc", "naf", "checksum_warning")
    list_filter = ("checksum_warning",)
    readonly_fields = ("checksum_warning",)
    search_fields = ("siret", "name", "idcc")


@admin.register(Employment)
class EmploymentAdmin(admin.ModelAdmin):
    """Who works where, as declared."""

    list_display = ("user_id", "employer", "declared_at")
    list_select_related = ("employer",)
    search_fields = ("=user_id", "employer__siret")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The learner says it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """The learner changes it."""
        return False
