"""What people validated, to be looked at."""

from django.contrib import admin

from openedx_utop.badges.validations.models import Awaited, Validation
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(Validation)
class ValidationAdmin(ReadOnlyAdmin):
    """Every row: validations, and what was withdrawn of them."""

    list_display = ["user_id", "achievement", "rank", "is_given", "day", "recorded_by", "recorded_at"]
    list_filter = ["achievement"]
    search_fields = ["user_id"]


@admin.register(Awaited)
class AwaitedAdmin(ReadOnlyAdmin):
    """Who waits for a validation."""

    list_display = ["user_id", "achievement", "since"]
    list_filter = ["achievement"]
    search_fields = ["user_id"]
