"""The operator's registers of corrections and contests, to read only: what was written stands."""

from django.contrib import admin

from openedx_utop.attendance.corrections.models import Contest, ContestAnswer, Correction, CorrectionDecision
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Corrections, the latest first; the stored document is opened from the course's own page."""

    list_display = ["user_id", "course_key", "day", "seconds", "reason_code", "author_id", "recorded_at"]
    search_fields = ["=uuid", "=user_id", "=author_id"]
    list_filter = ["reason_code", "needs_second_person"]
    exclude = ["evidence_file"]
    ordering = ["-recorded_at"]


@admin.register(CorrectionDecision)
class CorrectionDecisionAdmin(ReadOnlyAdmin):
    """Decisions, the latest first."""

    list_display = ["correction", "is_accepted", "decided_by", "decided_at"]
    ordering = ["-decided_at"]


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdmin):
    """Contested figures, the latest first."""

    list_display = ["user_id", "course_key", "day", "shown_seconds", "claimed_minutes", "contested_at"]
    search_fields = ["=uuid", "=user_id"]
    ordering = ["-contested_at"]


@admin.register(ContestAnswer)
class ContestAnswerAdmin(ReadOnlyAdmin):
    """Answers, the latest first."""

    list_display = ["contest", "correction", "answered_by", "answered_at"]
    ordering = ["-answered_at"]
