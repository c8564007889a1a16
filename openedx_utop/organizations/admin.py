"""Providers, and the companies that learners work for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openedx_utop.organizations.api import (
    Verdict,
    check_siret,
    look_up,
    normalise_idcc,
    normalise_naf,
    override_eligibility,
)
from openedx_utop.organizations.models import (
    EligibilityDecision,
    Employer,
    Employment,
    Provider,
    RegisterAnswer,
    WithoutCompany,
)
from openedx_utop.read_only_admin import ReadOnlyAdmin

RULE = "rule"
# A look-up may take seconds, and a person waits.
MOST_AT_ONCE = 10
REGISTER_FIELDS = (
    "register_name", "idccs", "register_naf", "naf_nomenclature", "opco", "site_band", "site_band_year",
    "enterprise_band", "enterprise_band_year", "category", "category_year", "is_site_open", "is_enterprise_open",
    "is_diffusible", "address", "postcode", "commune", "city", "source", "fetched_at", "payload_hash", "asked_at",
    "answer",
)  # fmt: skip
VERDICT_FIELDS = (
    "verdict", "verdict_ground", "verdict_confidence", "resolved_at", "resolved_by", "override_reason"
)  # fmt: skip


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
    decision = forms.ChoiceField(
        label=_("Decide"),
        required=False,
        choices=[("", "–"), *Verdict.choices, (RULE, _("as the rule says again"))],
        help_text=_("It holds whatever the register says, until somebody decides otherwise."),
    )
    decision_reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with your name and the date; shown to the staff."),
    )

    def clean(self) -> dict[str, Any]:
        """A decision comes with its reason."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("decision") and not (values.get("decision_reason") or "").strip():
            self.add_error("decision_reason", _("Say why: the staff and the auditor will read it."))
        return values

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


class ReadOnlyInline(admin.TabularInline):
    """Rows that the product alone writes."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never."""
        return False


class AnswerInline(ReadOnlyInline):
    """What each source said last."""

    model = RegisterAnswer


class DecisionInline(ReadOnlyInline):
    """What was decided, by whom and why."""

    model = EligibilityDecision


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
    """Companies: what a person declared, what the register says, and who may take part."""

    form = EmployerForm
    list_display = ("siret", "__str__", "idccs", "idcc", "verdict", "fetched_at", "answer")
    list_filter = ("verdict", "answer", "checksum_warning", "is_diffusible")
    search_fields = ("siret", "register_name", "name", "idcc", "postcode")
    readonly_fields = ("checksum_warning", *REGISTER_FIELDS, *VERDICT_FIELDS)
    fieldsets = (
        (None, {"fields": ("siret", "checksum_warning")}),
        (_("Declared: it holds where the register says nothing"), {"fields": ("name", "idcc", "naf")}),
        (_("Said by the register"), {"fields": REGISTER_FIELDS}),
        (_("May it take part?"), {"fields": (*VERDICT_FIELDS, "decision", "decision_reason")}),
    )
    actions = ("look_up_again",)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was answered and decided, once there is a company."""
        return (AnswerInline, DecisionInline) if obj else ()

    @admin.action(description=_("Look up again in the public register"), permissions=["change"])
    def look_up_again(self, request: HttpRequest, queryset: Any) -> None:
        """Ask the register now, whatever is known; for more companies than a person waits for there is a command."""
        records = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        for record in records[:MOST_AT_ONCE]:
            found = look_up(record.siret, now=timezone.now(), anew=True)
            level = messages.SUCCESS if found.facts and found.facts.fetched_at else messages.WARNING
            self.message_user(request, f"{record.siret}: {found.message}", level)
        if len(records) > MOST_AT_ONCE:
            told = _("Only the first %(count)d were looked up. For more, run utop_look_up_companies.")
            self.message_user(request, told % {"count": MOST_AT_ONCE}, messages.WARNING)

    def save_model(self, request: HttpRequest, obj: Employer, form: forms.ModelForm, change: bool) -> None:
        """Save what was declared, then what was decided."""
        super().save_model(request, obj, form, change)
        decision = form.cleaned_data.get("decision")
        if decision:
            verdict = None if decision == RULE else Verdict(decision)
            reason = form.cleaned_data["decision_reason"]
            override_eligibility(obj.siret, verdict, reason, by=int(request.user.pk or 0), now=timezone.now())


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


@admin.register(WithoutCompany)
class WithoutCompanyAdmin(ReadOnlyAdmin):
    """Who works for no company, and why, as declared."""

    list_display = ("user_id", "situation", "declared_at")
    list_filter = ("situation",)
    search_fields = ("=user_id",)
