"""The operator's view of badge platforms: which badge stands for ours there, and what is stuck."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openedx_utop.badges.platforms import api
from openedx_utop.badges.platforms.models import Delivery, PlatformAchievement
from openedx_utop.read_only_admin import ReadOnlyAdmin


class PlatformAchievementForm(forms.ModelForm):
    """The platform is chosen among those of the settings, and asked whether it has the badge."""

    platform = forms.ChoiceField(
        label=gettext_lazy("platform"), help_text=gettext_lazy("As it is named in UTOP_BADGE_PLATFORMS.")
    )

    class Meta:
        model = PlatformAchievement
        fields = ("achievement", "platform", "badge")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {*api.named_platforms(), self.instance.platform} - {""}
        self.fields["platform"].choices = [(name, name) for name in sorted(named)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a badge that the platform does not offer; a platform that is away is believed later."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name, badge = cleaned.get("platform"), cleaned.get("badge")
        if name and badge:
            try:
                offered = api.badge_platform(name).badges()
            except api.PlatformRefused as refusal:
                raise forms.ValidationError(
                    _("The platform refuses this account: {reason}").format(reason=refusal)
                ) from refusal
            except api.PlatformUnavailable:
                return cleaned
            if badge not in {each.identifier for each in offered}:
                self.add_error("badge", _unknown(offered))
        return cleaned


def _unknown(offered: tuple[api.PlatformBadge, ...]) -> str:
    listed = ", ".join(f"{each.identifier} ({each.name})" for each in offered)
    return _("The platform does not offer this badge. It has: {badges}.").format(badges=listed or _("none"))


@admin.register(PlatformAchievement)
class PlatformAchievementAdmin(admin.ModelAdmin):
    """Badges issued from now on are sent there, too; earlier ones on demand."""

    form = PlatformAchievementForm
    list_display = ["achievement", "platform", "badge"]
    list_filter = ["platform"]
    actions = ["send_earlier"]

    @admin.action(description=gettext_lazy("Send the badges issued before, too"), permissions=["change"])
    def send_earlier(self, request: HttpRequest, chosen: QuerySet[PlatformAchievement]) -> None:
        """Each learner is told by the platform, as for any badge."""
        count = sum(api.post_earlier(each, now=timezone.now()) for each in chosen)
        said = ngettext("{count} badge is on its way.", "{count} badges are on their way.", count)
        self.message_user(request, said.format(count=count), messages.SUCCESS)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was sent, what waits, and what is stuck with its reason."""

    list_display = ["credential", "platform", "kind", "state", "attempts", "due_at", "done_at", "reason"]
    list_filter = ["state", "platform", "kind"]
    search_fields = ["credential__uuid", "credential__award__user_id", "identifier"]
    list_select_related = ["credential"]
    exclude = ["email"]
    actions = ["try_again"]

    def has_take_up_permission(self, request: HttpRequest) -> bool:
        """For whoever may change deliveries, though nobody edits them."""
        return request.user.has_perm("openedx_utop.change_delivery")

    @admin.action(description=gettext_lazy("Try again what is stuck"), permissions=["take_up"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Delivery]) -> None:
        """Those that are not stuck are left alone."""
        count = sum(api.try_again(each.pk, now=timezone.now()) for each in chosen)
        said = ngettext("{count} delivery was taken up again.", "{count} deliveries were taken up again.", count)
        self.message_user(request, said.format(count=count), messages.SUCCESS)
