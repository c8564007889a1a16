"""The operator's view of badges; what was issued can only be read."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openedx_utop.badges import api
from openedx_utop.badges.editing.api import unsigned_parts
from openedx_utop.badges.editing.texts import markdown, plain_text
from openedx_utop.badges.models import Achievement, Award, Credential, Skill, SkillImport
from openedx_utop.badges.pictures import check_picture
from openedx_utop.badges.templates import ABSOLUTE_IRI
from openedx_utop.read_only_admin import ReadOnlyAdmin
from openedx_utop.visitors import visitor_id


class SkillForm(forms.ModelForm):
    """One skill, for whoever corrects it by hand."""

    def clean_url(self) -> str:
        """An address that a signature covers."""
        url: str = self.cleaned_data["url"]
        if not ABSOLUTE_IRI.fullmatch(iri_to_uri(url)):
            raise forms.ValidationError(_("“{address}” is no address").format(address=url))
        return url


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    """Imported by `utop_import_skills`; searched when a badge is aligned."""

    form = SkillForm
    list_display = ["framework", "code", "name"]
    list_filter = ["framework"]
    search_fields = ["code", "name"]


@admin.register(SkillImport)
class SkillImportAdmin(ReadOnlyAdmin):
    """From which files the skills came, and when."""

    list_display = ["framework", "source", "imported_at", "skills", "created", "updated"]
    list_filter = ["framework"]


class AchievementForm(forms.ModelForm):
    """The badge; its picture is uploaded here, and checked as its other parts are before anything is signed."""

    picture = forms.FileField(
        label=gettext_lazy("New picture"),
        required=False,
        help_text=gettext_lazy("A square PNG of 90 pixels or more. Badges issued before keep theirs."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png"}),
    )

    class Meta:
        model = Achievement
        fields = ("action", "name", "description", "criteria", "skills", "validity_months")

    def clean_picture(self) -> bytes | None:
        """The bytes of a picture that wallets can show."""
        uploaded = cast("UploadedFile | None", self.cleaned_data.get("picture"))
        if not uploaded:
            return None
        png: bytes = uploaded.read()
        try:
            check_picture(png)
        except api.MalformedImage as error:
            raise forms.ValidationError(str(error)) from error
        return png

    def clean_name(self) -> str:
        """As the editor takes it."""
        return plain_text(self.cleaned_data["name"], is_required=True)

    def clean_description(self) -> str:
        """As the editor takes it."""
        return markdown(self.cleaned_data["description"], is_required=True)

    def clean_criteria(self) -> str:
        """As the editor takes it."""
        return markdown(self.cleaned_data["criteria"], is_required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a second badge of a whole action; those of its parts are made in the editor."""
        fields = super().clean() or {}
        others = Achievement.objects.filter(action=fields.get("action"), is_whole=True).exclude(pk=self.instance.pk)
        if self.instance.is_whole and others.exists():
            words = _("This training has its badge already. Badges of its parts are made in the editor.")
            self.add_error("action", words)
        return fields

    def _post_clean(self) -> None:
        """Refuse what a signature would not cover, once the row holds what the form says."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        for field, sentence in unsigned_parts(self.instance, self.cleaned_data["skills"]).items():
            self.add_error(field if field in self.fields else None, sentence)

    def save(self, commit: bool = True) -> Achievement:
        """Keep the picture, too."""
        if self.cleaned_data.get("picture"):
            self.instance.image = api.keep_picture(self.cleaned_data["picture"])
            self.instance.drawing = None
        achievement: Achievement = super().save(commit)
        return achievement


@admin.register(Achievement)
class AchievementAdmin(admin.ModelAdmin):
    """What badges say; a change holds for those issued from then on."""

    form = AchievementForm
    list_display = ["name", "action", "scope", "validity_months"]
    readonly_fields = ["uuid", "shown"]
    autocomplete_fields = ["skills"]
    fields = ["action", "name", "description", "criteria", "skills", "validity_months", "shown", "picture", "uuid"]

    @admin.display(description=gettext_lazy("as it is shown"))
    def shown(self, achievement: Achievement) -> str:
        """The picture of today, which leads to the public page."""
        address = reverse("openedx_utop:achievement", args=[achievement.uuid])
        return format_html('<a href="{}"><img src="{}.png" width="128" height="128" alt=""></a>', address, address)


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    """Who fulfilled which action's conditions, and when."""

    list_display = ["uuid", "user_id", "action", "achievement", "awarded_at"]
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

    list_display = ["uuid", "award", "issued_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "expires_at"]
    search_fields = ["uuid", "award__user_id", "holder_name"]
    actions = ["revoke", "reissue", "renew"]

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

    @admin.action(description=gettext_lazy("Renew: issue anew, valid from today"), permissions=["revoke"])
    def renew(self, request: HttpRequest, chosen: QuerySet[Credential]) -> HttpResponse | None:
        """Put credentials whose validity begins today in the place of those that expire or have expired."""
        return self._with_reason(request, chosen, api.renew, _("Renew"))

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
            change(chosen.uuid, reason, by=visitor_id(request), now=timezone.now())
        except (api.SigningKeyMissing, api.SigningKeyInvalid):
            said = _("Nothing was changed for {uuid}: the platform cannot sign at the moment. See UTOP_SIGNING_KEY.")
        except api.HolderGone:
            said = _("Nothing was changed for {uuid}: the learner’s account is gone.")
        except api.BadgeRefused:
            said = _("Nothing was changed for {uuid}: the learner refuses the badge.")
        else:
            return True
        self.message_user(request, said.format(uuid=chosen.uuid), messages.ERROR)
        return False
