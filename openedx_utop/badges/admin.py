"""The operator's view of badges; what was issued can only be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from openedx_utop.badges.models import Achievement, Award, Credential


class Issued(admin.ModelAdmin):
    """Rows that are evidence: read, never added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Achievement)
class AchievementAdmin(admin.ModelAdmin):
    """What badges say; a change holds for those issued from then on."""

    list_display = ["name", "action"]
    readonly_fields = ["uuid"]


@admin.register(Award)
class AwardAdmin(Issued):
    """Who fulfilled which action's conditions, and when."""

    list_display = ["uuid", "user_id", "action", "awarded_at"]
    list_filter = ["action"]
    search_fields = ["uuid", "user_id"]


@admin.register(Credential)
class CredentialAdmin(Issued):
    """The signed credentials."""

    list_display = ["uuid", "award", "issued_at"]
    search_fields = ["uuid", "award__user_id"]
