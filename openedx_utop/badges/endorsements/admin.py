"""The operator's view of endorsements: brought as they were signed, verified, withdrawn, never edited."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import Endorsement
from openedx_utop.badges.endorsements.rules import MOST_CHARACTERS
from openedx_utop.badges.models import Achievement
from openedx_utop.organizations.models import Provider
from openedx_utop.read_only_admin import ReadOnlyAdmin


class EndorsementForm(forms.ModelForm):
    """An endorsement is pasted or uploaded, and kept once its signature holds."""

    text = forms.CharField(
        label=gettext_lazy("Endorsement"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("The JSON as the endorser signed it: one character more, and the signature is lost."),
    )
    file = forms.FileField(label=gettext_lazy("or its file"), required=False)

    class Meta:
        model = Endorsement
        fields = ("achievement", "provider")

    by: int | None = None

    def clean(self) -> dict[str, Any]:
        """Verify it, and keep it in the same step: what was verified is what is kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text = cleaned.get("text") or _read(cleaned.get("file"))
        if not text:
            raise forms.ValidationError(_("Paste the endorsement, or choose its file."))
        try:
            self.instance = self._kept(cleaned.get("achievement"), cleaned.get("provider"), text)
        except api.EndorsementRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cleaned

    def _kept(self, achievement: Achievement | None, provider: Provider | None, text: str) -> Endorsement:
        """Of the one or the other; raises ValidationError for neither and for both."""
        if achievement and not provider:
            return api.keep(achievement.uuid, text, by=self.by, now=timezone.now())
        if provider and not achievement:
            return api.keep_of_issuer(provider.pk, text, by=self.by, now=timezone.now())
        raise forms.ValidationError(_("Choose what it is of: a badge, or a training provider."))

    def _post_clean(self) -> None:
        """It is a row already, and complete."""

    def save(self, commit: bool = True) -> Endorsement:  # noqa: ARG002
        """The row that was kept."""
        return cast(Endorsement, self.instance)

    def save_m2m(self) -> None:
        """It has none."""


def _read(file: UploadedFile | None) -> str:
    if file is None:
        return ""
    try:
        return cast(bytes, file.read(MOST_CHARACTERS * 4)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise forms.ValidationError(_("This file is no text in UTF-8.")) from error


@admin.register(Endorsement)
class EndorsementAdmin(ReadOnlyAdmin):
    """Who vouches for which badge."""

    list_display = [
        "endorser_name", "achievement", "provider", "endorser", "kept_at", "key_is_listed", "standing", "withdrawn_at"
    ]  # fmt: skip
    list_select_related = ["achievement", "provider"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter), "key_is_listed", "standing"]
    search_fields = ["endorser_name", "endorser", "achievement__name", "provider__name"]
    actions = ["withdraw", "look_up"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For whoever may add endorsements."""
        return request.user.has_perm("openedx_utop.add_endorsement")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """For whoever may change endorsements, though nobody edits them."""
        return request.user.has_perm("openedx_utop.change_endorsement")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """To bring one: what it is of, and the text. It knows who brings it."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("EndorsementForm", (EndorsementForm,), {"by": request.user.pk})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """To bring one, or everything about it."""
        if obj is None:
            return ["achievement", "provider", "text", "file"]
        return [field.name for field in Endorsement._meta.fields if field.name != "id"]

    def save_model(self, request: HttpRequest, obj: Endorsement, form: Any, change: bool) -> None:
        """It was kept when it was verified."""

    @admin.action(description=gettext_lazy("Withdraw: embed it in no more badges"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Endorsement]) -> None:
        """At the endorser's request, or because it should not have been kept."""
        for each in chosen:
            api.withdraw(each.pk, by=request.user.pk, now=timezone.now())

    @admin.action(description=gettext_lazy("Ask the endorser for its key and status list"), permissions=["withdraw"])
    def look_up(self, request: HttpRequest, chosen: QuerySet[Endorsement]) -> None:
        """Whether each endorser still lists the key that it signed with, and has not revoked its word."""
        said = {
            True: (_("{name} lists its key."), messages.SUCCESS),
            False: (_("{name} no longer lists the key that it signed with."), messages.WARNING),
            None: (_("{name} does not answer: nothing was changed."), messages.WARNING),
        }
        for each in chosen:
            text, level = said[api.look_up_key(each, now=timezone.now())]
            self.message_user(request, text.format(name=each.endorser_name), level)
            found = api.look_up_standing(each, now=timezone.now())
            if found:
                text = _("{name} says that it is {standing}.").format(name=each.endorser_name, standing=found.label)
                self.message_user(request, text, messages.WARNING)
