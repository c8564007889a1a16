"""The tree and the tracks; choices are to be read only."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openedx_utop.read_only_admin import ReadOnlyAdmin
from openedx_utop.sectors.changes.models import ChangeAnswer, ChangeRequest
from openedx_utop.sectors.data import SectorError
from openedx_utop.sectors.levels.models import CourseLevel, LevelChoice, LevelGroup
from openedx_utop.sectors.models import Sector, SectorChoice, Track
from openedx_utop.sectors.tracks import track_conflicts
from openedx_utop.sectors.tree import in_use, refuse_loop, sectors_by_slug


class SectorForm(forms.ModelForm):
    """A sector, never under itself."""

    def clean_parent(self) -> Sector | None:
        """Refuse a loop in the tree."""
        parent: Sector | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk:
            try:
                refuse_loop(self.instance.slug, parent.slug, sectors_by_slug())
            except SectorError as refusal:
                raise ValidationError(str(refusal)) from refusal
        return parent


class TreeList(ChangeList):
    """Each sector before its branches."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Sector]) -> list[Any]:  # noqa: ARG002
        """By the place in the tree, whatever column is clicked."""
        return ["place"]


def _case(cases: list[When]) -> Case:
    return Case(*cases, default=Value(0), output_field=IntegerField())


@admin.register(Sector)
class SectorAdmin(admin.ModelAdmin):
    """Trades, withdrawn rather than deleted."""

    form = SectorForm
    list_display = ("name_in_tree", "slug", "level", "parent", "is_offered")
    list_filter = ("is_offered",)
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    actions = ("withdraw",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each sector with its place in the tree and its level."""
        tree = sectors_by_slug()
        places = [When(slug=slug, then=Value(place)) for place, slug in enumerate(tree)]
        levels = [When(slug=slug, then=Value(sector.level)) for slug, sector in tree.items()]
        placed: QuerySet[Any] = super().get_queryset(request).annotate(place=_case(places), level=_case(levels))
        return placed

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """In the order of the tree."""
        return TreeList

    @admin.display(description=_("name"))
    def name_in_tree(self, sector: Any) -> str:
        """Indented by its level."""
        return f"{chr(0x2003) * sector.level}{sector.name}"

    @admin.display(description=_("level"))
    def level(self, sector: Any) -> int:
        """0 at the top."""
        return int(sector.level)

    @admin.action(description=_("Withdraw: offer to new learners no more"))
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Sector]) -> None:
        """Those who hold one of these sectors keep it."""
        Sector.objects.filter(pk__in=[sector.pk for sector in chosen]).update(is_offered=False)
        self.message_user(request, _("Withdrawn. Those who hold it keep it."), messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say what to do when Django refuses: the page itself only lists who holds the sector."""
        deletion = super().get_deleted_objects(objs, request)
        *_rest, protected = deletion
        if protected:
            self.message_user(request, in_use(), messages.WARNING)
        return deletion


@admin.register(Track)
class TrackAdmin(admin.ModelAdmin):
    """Which content group of a course carries which sector."""

    list_display = ("course_key", "sector", "group_name", "what_stands_in_the_way")
    list_filter = ("sector",)
    list_select_related = ("sector",)
    search_fields = ("course_key", "group_name")

    @admin.display(description=_("what stands in the way"))
    def what_stands_in_the_way(self, track: Track) -> str:
        """What the course uses cohorts for beside its tracks."""
        return " ".join(conflict.message for conflict in track_conflicts(track.course_key))


@admin.register(SectorChoice)
class SectorChoiceAdmin(ReadOnlyAdmin):
    """What was decided, by whom and when."""

    list_display = ("user_id", "course_key", "rank", "sector", "method", "chosen_by", "chosen_at", "reason")
    list_filter = ("method", "sector")
    list_select_related = ("sector",)
    search_fields = ("=user_id", "course_key")


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnlyAdmin):
    """What learners asked for after the lock date."""

    list_display = ("user_id", "course_key", "sector", "level", "reason", "asked_at")
    list_filter = ("sector",)
    list_select_related = ("sector",)
    search_fields = ("=user_id", "course_key")


@admin.register(ChangeAnswer)
class ChangeAnswerAdmin(ReadOnlyAdmin):
    """What became of it, by whom and why."""

    list_display = ("request", "outcome", "reason", "answered_by", "answered_at")
    list_filter = ("outcome",)
    list_select_related = ("request__sector",)
    search_fields = ("=request__user_id",)


@admin.register(LevelChoice)
class LevelChoiceAdmin(ReadOnlyAdmin):
    """What was decided of a learner's level, by whom and when."""

    list_display = ("user_id", "course_key", "rank", "level", "method", "chosen_by", "chosen_at", "reason")
    list_filter = ("method", "level")
    search_fields = ("=user_id", "course_key")


@admin.register(CourseLevel)
class CourseLevelAdmin(ReadOnlyAdmin):
    """The levels of courses, which their authors choose."""

    list_display = ("course_key", "level", "is_default")
    search_fields = ("course_key",)


@admin.register(LevelGroup)
class LevelGroupAdmin(ReadOnlyAdmin):
    """Which content group carries a track at a level."""

    list_display = ("track", "level", "group_name")
    list_select_related = ("track__sector",)
    search_fields = ("track__course_key", "group_name")
