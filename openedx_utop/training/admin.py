"""The operator's forms for training actions."""

from django.contrib import admin

from openedx_utop.training.models import ModuleEstimate, TrainingAction


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
