"""The operator's view of endorsements: brought as they were signed, verified, withdrawn, never edited."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openedx_utop.badges.admin import ReasonForm
from openedx_utop.badges.endorsements import api
from openedx_utop.badges.endorsements.models import Endorsement, GivenEndorsement
from openedx_utop.badges.endorsements.rules import MOST_CHARACTERS
from openedx_utop.badges.models import Achievement, Credential
from openedx_utop.organizations.models import Provider
from openedx_utop.read_only_admin import ReadOnlyAdmin


class EndorsementForm(forms.ModelForm):
    """An endorsement is pasted or uploaded, and kept once its signature holds."""

    text = forms.CharField(
        label=gettext_lazy("Endorsement"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "The JSON or the token (VC-JWT) as the endorser signed it: one character more, and the signature is lost."
        ),
    )
    file = forms.FileField(label=gettext_lazy("or its file"), required=False)
    credential = forms.ModelChoiceField(
        Credential.objects.all(),
        to_field_name="uuid",
        required=False,
        label=gettext_lazy("One learner’s badge"),
        widget=forms.TextInput(attrs={"size": 40}),
        help_text=gettext_lazy(
            "Its public identifier, as its page has it. The learner’s badge is signed again with it."
        ),
    )

    class Meta:
        model = Endorsement
        fields = ("achievement", "provider", "credential")

    by: int | None = None

    def clean(self) -> dict[str, Any]:
        """Verify it, and keep it in the same step: what was verified is what is kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text = cleaned.get("text") or _read(cleaned.get("file"))
        if not text:
            raise forms.ValidationError(_("Paste the endorsement, or choose its file."))
        try:
            self.instance = self._kept(cleaned, text)
        except api.EndorsementRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cleaned

    def _kept(self, cleaned: dict[str, Any], text: str) -> Endorsement:
        """Of one thing; raises ValidationError for none and for several."""
        chosen = [cleaned[name] for name in self.Meta.fields if cleaned.get(name)]
        if len(chosen) != 1:
            raise forms.ValidationError(
                _("Choose what it is of: a badge, a training provider, or one learner’s badge.")
            )
        (of,) = chosen
        if isinstance(of, Achievement):
            return api.keep(of.uuid, text, by=self.by, now=timezone.now())
        if isinstance(of, Provider):
            return api.keep_of_issuer(of.pk, text, by=self.by, now=timezone.now())
        return api.keep_of_credential(of.uuid, text, by=self.by, now=timezone.now())

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
        "endorser_name", "achievement", "provider", "credential", "endorser", "kept_at", "key_is_listed", "standing",
        "withdrawn_at",
    ]  # fmt: skip
    list_select_related = ["achievement", "provider", "credential"]
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
            return ["achievement", "provider", "credential", "text", "file"]
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


@admin.register(GivenEndorsement)
class GivenEndorsementAdmin(ReadOnlyAdmin):
    """Our words for the badges of others, given by `utop_endorse`."""

    list_display = ["badge", "provider", "given_at", "withdrawn_at"]
    list_select_related = ["provider"]
    list_filter = [("withdrawn_at", admin.EmptyFieldListFilter)]
    search_fields = ["uuid", "badge"]
    actions = ["take_back"]

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        """For whoever may change them, though nobody edits them."""
        return request.user.has_perm("openedx_utop.change_givenendorsement")

    @admin.action(description=gettext_lazy("Revoke, with a reason"), permissions=["take_back"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[GivenEndorsement]) -> HttpResponse | None:
        """Say in our status list that they no longer hold."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "title": _("Revoke"), "form": form, "chosen": chosen}
            context |= {"action": request.POST["action"], "checkbox": ACTION_CHECKBOX_NAME, "opts": self.opts}
            return render(request, "openedx_utop/badges/reason.html", context)
        for each in chosen:
            api.take_back(each.uuid, form.cleaned_data["reason"], by=request.user.pk, now=timezone.now())
        return None
