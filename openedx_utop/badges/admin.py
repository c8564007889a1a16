"""The operator's view of badges; what was issued can only be read."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openedx_utop.badges import api
from openedx_utop.badges.models import Achievement, Award, Credential
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(Achievement)
class AchievementAdmin(admin.ModelAdmin):
    """What badges say; a change holds for those issued from then on."""

    list_display = ["name", "action"]
    readonly_fields = ["uuid"]


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    """Who fulfilled which action's conditions, and when."""

    list_display = ["uuid", "user_id", "action", "awarded_at"]
    list_filter = ["action"]
    search_fields = ["uuid", "user_id"]


class ReasonForm(forms.Form):
    """Why a credential is revoked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        strip=True,
        help_text=gettext_lazy("Shown to whoever verifies the badge: name nobody."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(Credential)
class CredentialAdmin(ReadOnlyAdmin):
    """The signed credentials; they are revoked with a reason, never deleted."""

    list_display = ["uuid", "award", "issued_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["uuid", "award__user_id"]
    actions = ["revoke", "reissue"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """For whoever may change credentials, though nobody edits them."""
        return request.user.has_perm("openedx_utop.change_credential")

    @admin.action(description=gettext_lazy("Revoke, with a reason"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Credential]) -> HttpResponse | None:
        """Revoke the chosen credentials."""
        return self._with_reason(request, chosen, api.revoke, _("Revoke"))

    @admin.action(description=gettext_lazy("Revoke and issue anew, with today’s name"), permissions=["revoke"])
    def reissue(self, request: HttpRequest, chosen: QuerySet[Credential]) -> HttpResponse | None:
        """Put new credentials in the place of the chosen ones, revoked before or now."""
        return self._with_reason(request, chosen, api.reissue, _("Revoke and issue anew"))

    def _with_reason(
        self,
        request: HttpRequest,
        chosen: QuerySet[Credential],
        change: Callable[..., api.CredentialFacts],
        title: str,
    ) -> HttpResponse | None:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "title": title, "form": form, "chosen": chosen}
            context |= {"action": request.POST["action"], "checkbox": ACTION_CHECKBOX_NAME, "opts": self.opts}
            return render(request, "openedx_utop/badges/reason.html", context)
        done = [self._changed(request, change, each, form.cleaned_data["reason"]) for each in chosen]
        count = sum(done)
        if count:
            said = ngettext("{count} badge changed.", "{count} badges changed.", count).format(count=count)
            self.message_user(request, said, messages.SUCCESS)
        return None

    def _changed(
        self, request: HttpRequest, change: Callable[..., api.CredentialFacts], chosen: Credential, reason: str
    ) -> bool:
        try:
            change(chosen.uuid, reason, by=cast(int, request.user.pk), now=timezone.now())
        except (api.SigningKeyMissing, api.SigningKeyInvalid):
            said = _("Nothing was changed for {uuid}: the platform cannot sign at the moment. See UTOP_SIGNING_KEY.")
        except api.HolderGone:
            said = _("Nothing was changed for {uuid}: the learner’s account is gone.")
        else:
            return True
        self.message_user(request, said.format(uuid=chosen.uuid), messages.ERROR)
        return False
