"""The operator's forms for training actions and what they certify."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openedx_utop.official_time import official_day
from openedx_utop.training import api
from openedx_utop.training.models import AttendancePolicy, ConditionFields, ModuleEstimate, TrainingAction
from openedx_utop.training.rules import check_effective_from
from openedx_utop.visitors import visitor_id

CONDITIONS = tuple(each.name for each in ConditionFields._meta.local_fields)


class ModuleEstimateInline(admin.TabularInline):
    """Durations that differ from the action's default."""

    model = ModuleEstimate
    extra = 0


@admin.register(TrainingAction)
class TrainingActionAdmin(admin.ModelAdmin):
    """Training actions with their conditions of success."""

    list_display = ["title", "course_key", "provider", "starts_on", "ends_on"]
    search_fields = ["title", "course_key"]
    inlines = [ModuleEstimateInline]
    fieldsets = [
        (None, {"fields": ["course_key", "provider", "title", "nature", "objectives", "starts_on", "ends_on"]}),
        (None, {"fields": ["default_module_minutes", "sector_locked_from", "enrolment_is_closed"]}),
        (gettext_lazy("Conditions of success"), {"fields": CONDITIONS}),
    ]

    def save_model(self, request: HttpRequest, obj: TrainingAction, form: Any, change: bool) -> None:
        """Keep in mind what was published so far."""
        form.published = api.published_facts(obj.pk) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Past days keep the dates and durations that they were counted with."""
        super().save_related(request, form, formsets, change)
        by = visitor_id(request)
        if change and api.date_facts(form.instance.pk, form.published, by=by, now=timezone.now()):
            self.message_user(
                request,
                _("Past days keep the dates and durations they were counted with: a new version holds from today."),
            )


class PolicyForm(forms.ModelForm):
    """A new version of a policy."""

    def clean(self) -> dict[str, Any]:
        """Refuse a version that would recount past days."""
        fields = super().clean() or {}
        action, effective_from = fields.get("action"), fields.get("effective_from")
        if action and effective_from:
            try:
                check_effective_from(
                    effective_from, is_first=not action.policies.exists(), today=official_day(timezone.now())
                )
            except api.ReachesBack:
                self.add_error("effective_from", _("Past days keep their version: choose today or a later day."))
        return fields


@admin.register(AttendancePolicy)
class AttendancePolicyAdmin(admin.ModelAdmin):
    """Every version that was ever in force; to change the policy is to add a version."""

    form = PolicyForm
    list_display = ["action", "version", "effective_from", "day_limit_minutes", "activity_factor", "created_at"]
    list_filter = ["action"]
    ordering = ["action", "-version"]
    readonly_fields = ["version", "created_at", "created_by"]

    def has_change_permission(self, request: HttpRequest, obj: AttendancePolicy | None = None) -> bool:  # noqa: ARG002
        """Days were counted with it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AttendancePolicy | None = None) -> bool:  # noqa: ARG002
        """Days were counted with it."""
        return False

    def save_model(self, request: HttpRequest, obj: AttendancePolicy, form: Any, change: bool) -> None:  # noqa: ARG002
        """Hand the form's fields to the domain, which numbers the version."""
        terms = {**form.cleaned_data}
        action, effective_from = terms.pop("action"), terms.pop("effective_from")
        by = visitor_id(request)
        facts = api.add_policy(action.pk, terms, effective_from=effective_from, by=by, now=timezone.now())
        # The admin's log names the row.
        obj.pk = AttendancePolicy.objects.get(action=action, version=facts.version).pk
        obj.version = facts.version
