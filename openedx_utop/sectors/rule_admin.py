"""The operator's two tables, rule by rule, and the files that were imported into them.

A rule that would move somebody is shown with whom before it is saved or deleted, as the page of imports shows a file.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from openedx_utop.official_time import official_day
from openedx_utop.read_only_admin import ReadOnlyAdmin
from openedx_utop.sectors.impact import Impact, impacts
from openedx_utop.sectors.rulebook.api import Changes, Stored, Table, rule_of
from openedx_utop.sectors.rulebook.forms import AgreementOpcoForm, SectorRuleForm
from openedx_utop.sectors.rulebook.models import AgreementOpco, RuleImport, SectorRule

SEEN = "_seen"


class PreviewedAdmin(admin.ModelAdmin):
    """One rule at a time: a selection of them deleted together would move people unseen."""

    table: Table
    delete_confirmation_template = "openedx_utop/sectors/rules/delete.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the deletion of a selection."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What is typed is saved once its effects were seen; a rule that moves nobody is saved at once."""
        found = self._effects(request, object_id) if request.method == "POST" and SEEN not in request.POST else ()
        if not found:
            return super().changeform_view(request, object_id, form_url, extra_context)
        typed = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "impacts": found,
            "typed": typed,
            "seen": SEEN,
        }
        return TemplateResponse(request, "openedx_utop/sectors/rules/rule.html", context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The platform's own question, with whom the rule leads today."""
        rule = self.get_object(request, unquote(object_id))
        shown: tuple[Impact, ...] = ()
        if rule is not None and request.method != "POST" and self.has_delete_permission(request, rule):
            shown = _moving(Changes(self.table, {}, {}, 0, (), removed={rule.pk: rule_of(rule)}))
        return super().delete_view(request, object_id, {**(extra_context or {}), "impacts": shown})

    def _effects(self, request: HttpRequest, object_id: str | None) -> tuple[Impact, ...]:
        """Of what is typed; none if it cannot be saved as it is, which the form itself says."""
        rule = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, rule) if rule else self.has_add_permission(request)
        if not may or (object_id and rule is None):
            return ()
        removed = {rule.pk: rule_of(rule)} if rule else {}
        form = self.get_form(request, rule, change=bool(rule))(request.POST, request.FILES, instance=rule)
        if not form.is_valid():
            return ()
        typed = rule_of(form.instance)
        created = {} if rule else {1: typed}
        updated = {1: Stored(rule.pk, typed)} if rule else {}
        return _moving(Changes(self.table, created, updated, 0, (), removed=removed))


def _moving(changes: Changes) -> tuple[Impact, ...]:
    """The days on which it would move somebody."""
    return tuple(each for each in impacts(changes, today=official_day(timezone.now())) if each.companies)


@admin.register(SectorRule)
class SectorRuleAdmin(PreviewedAdmin):
    """Rules from companies to sectors."""

    table = Table.SECTORS
    form = SectorRuleForm
    list_display = ("kind", "code", "sector", "valid_from", "valid_to", "source")
    list_filter = ("kind", "sector")
    list_select_related = ("sector",)
    search_fields = ("code",)


@admin.register(AgreementOpco)
class AgreementOpcoAdmin(PreviewedAdmin):
    """Which OPCO each collective agreement belongs to."""

    table = Table.OPCOS
    form = AgreementOpcoForm
    list_display = ("idcc", "opco", "valid_from", "valid_to", "source")
    list_filter = ("opco",)
    search_fields = ("idcc",)


@admin.register(RuleImport)
class RuleImportAdmin(ReadOnlyAdmin):
    """Which file was applied, when and by whom."""

    list_display = ("table", "edition", "sent_by", "sent_at", "applied_by", "applied_at", "created", "updated")
    list_filter = ("table",)
    exclude = ("content",)
