"""Where the disability officer (référent handicap) accommodates the silence admitted of a learner."""

from django.contrib import admin

from openedx_utop.attendance.models import IdleAccommodation


@admin.register(IdleAccommodation)
class IdleAccommodationAdmin(admin.ModelAdmin):
    """By the account's number; who may see it is who has the permission on it, and nobody by another right."""

    list_display = ("user_id", "multiplier")
    search_fields = ("=user_id",)
