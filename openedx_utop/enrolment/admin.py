"""The operator's forms for who lists people and how many seats there are; lists and seats are read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from openedx_utop.enrolment import api
from openedx_utop.enrolment.models import EnrolmentList, ListManager, Seat, SeatPlan
from openedx_utop.read_only_admin import ReadOnlyAdmin
from openedx_utop.visitors import visitor_id


@admin.register(ListManager)
class ListManagerAdmin(admin.ModelAdmin):
    """Who enrols the people of which company in which course."""

    list_display = ["user_id", "employer", "course_key"]
    list_select_related = ["employer"]
    search_fields = ["=user_id", "employer__siret", "employer__name"]
    autocomplete_fields = ["employer"]


@admin.register(SeatPlan)
class SeatPlanAdmin(admin.ModelAdmin):
    """How many seats each company has; more of them call those who wait."""

    list_display = ["course_key", "company", "capacity"]
    search_fields = ["company", "course_key"]

    def get_readonly_fields(self, request: HttpRequest, obj: SeatPlan | None = None) -> list[str]:
        """Seats stay with their company."""
        return ["course_key", "company"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: SeatPlan | None = None) -> bool:  # noqa: ARG002
        """Seats hang on it."""
        return False

    def save_model(self, request: HttpRequest, obj: SeatPlan, form: Any, change: bool) -> None:
        """Under the lock, with those who wait."""
        if not change:
            super().save_model(request, obj, form, change)
        by = visitor_id(request)
        api.set_capacity(obj.course_key, obj.company, obj.capacity, by=by, now=timezone.now())


@admin.register(EnrolmentList)
class EnrolmentListAdmin(ReadOnlyAdmin):
    """Who pasted what, the latest first."""

    list_display = ["plan", "pasted_by", "pasted_at", "finished_at"]
    list_select_related = ["plan"]
    search_fields = ["=uuid", "=pasted_by", "plan__company"]
    ordering = ["-pasted_at"]


@admin.register(Seat)
class SeatAdmin(ReadOnlyAdmin):
    """Seats and the waiting list."""

    list_display = ["plan", "rank", "state", "user_id", "changed_at"]
    list_select_related = ["plan"]
    list_filter = ["state"]
    search_fields = ["=uuid", "=user_id", "email", "plan__company"]
    exclude = ["email_hash"]
    ordering = ["plan", "rank"]
