"""What people may type about corrections, and what they are told when it will not do."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.keys import UsageKey

from openedx_utop.attendance.corrections import evidence
from openedx_utop.attendance.corrections.data import EvidenceRefused, NewCorrection, Upload
from openedx_utop.attendance.corrections.models import Reason
from openedx_utop.official_time import ENTERED_DAYS

LONGEST_TEXT = 2000
Choices = list[tuple[str, Any]]


class ExplainedForm(forms.Form):
    """A form whose fields point to their help and to their errors, in every supported release of Django."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        """`choices`: what can be chosen in a field beside leaving it empty."""
        super().__init__(*args, **kwargs)
        for name, offered in (choices or {}).items():
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [*cast(Choices, field.choices), *offered]
        for bound in self:
            self._explain(bound)

    def _explain(self, bound: forms.BoundField) -> None:
        widget, is_wrong = bound.field.widget, self.is_bound and bool(bound.errors)
        if not isinstance(widget, (forms.RadioSelect, forms.CheckboxInput)):
            widget.attrs.setdefault("class", "utop-field")
        parts = {"error": is_wrong, "helptext": bool(bound.help_text)}
        if any(parts.values()):
            widget.attrs["aria-describedby"] = " ".join(
                f"{bound.auto_id}_{part}" for part, is_there in parts.items() if is_there
            )
        if is_wrong:
            widget.attrs["aria-invalid"] = "true"


def paragraph(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A paragraph, of a length that people write."""
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=LONGEST_TEXT, strip=True, widget=widget
    )


def calendar_day(help_text: Any = "", *, required: bool) -> forms.DateField:
    """A calendar day, typed or picked."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=_("Day"), help_text=help_text, required=required, widget=widget, validators=ENTERED_DAYS
    )


def _admitted() -> str:
    """Which documents are admitted, in the reader's language."""
    size = filesizeformat(settings.UTOP_EVIDENCE_MAX_BYTES)
    return gettext("PDF, PNG or JPEG, {size} at most.").format(size=size)


class CorrectionForm(ExplainedForm):
    """A correction by the staff. `form_id`: the same form sent twice is one correction."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    day = calendar_day(required=True)
    module = forms.ChoiceField(label=_("Module"), required=False, choices=[("", _("none in particular"))])
    direction = forms.ChoiceField(
        label=_("The correction"),
        choices=[("add", _("adds time")), ("withdraw", _("withdraws time"))],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440)
    seconds = forms.IntegerField(label=_("and seconds, if need be"), min_value=0, max_value=59, required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *Reason.choices])
    text = paragraph(
        _("Explanation"),
        _("Shown to the learner, and to whoever audits the training. Name nobody else, and say nothing of health."),
    )
    document = forms.FileField(
        label=_("Document that proves it, if there is one"), help_text=lazy(_admitted, str)(), required=False
    )
    names_others = forms.BooleanField(
        label=_("The document speaks of other people: the learner must not open it"), required=False
    )

    def clean_document(self) -> Upload | None:
        """The document, if it is admitted; what is too large is not even read."""
        file: UploadedFile[bytes] | None = self.cleaned_data["document"]
        if not file:
            return None
        if (file.size or 0) > settings.UTOP_EVIDENCE_MAX_BYTES:
            raise ValidationError(_("This document is too large."))
        upload = Upload(file.name or "", file.read())
        try:
            evidence.check(upload)
        except EvidenceRefused as refused:
            raise ValidationError(_("This document is neither a PDF nor a PNG or JPEG picture.")) from refused
        return upload

    def new_correction(self) -> NewCorrection:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        seconds = typed["minutes"] * 60 + (typed["seconds"] or 0)
        return NewCorrection(
            day=typed["day"],
            module_key=UsageKey.from_string(typed["module"]) if typed["module"] else None,
            seconds=seconds if typed["direction"] == "add" else -seconds,
            reason_code=typed["reason"],
            text=typed["text"],
        )

    def upload(self) -> Upload | None:
        """The document that was sent, once it is valid."""
        sent: Upload | None = self.cleaned_data["document"]
        return Upload(sent.name, sent.content, self.cleaned_data["names_others"]) if sent else None


class DecisionForm(ExplainedForm):
    """The second person's decision; a refusal is explained."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("accept")), ("refuse", _("refuse"))],
        widget=forms.RadioSelect,
    )
    why = paragraph(_("Why"), _("Needed to refuse. The learner reads it."), required=False)

    @property
    def is_accepted(self) -> bool:
        """Once it is valid."""
        return bool(self.cleaned_data["verdict"] == "accept")

    def clean(self) -> dict[str, Any]:
        """Refuse a refusal without a word."""
        if self.cleaned_data.get("verdict") == "refuse" and not self.cleaned_data.get("why"):
            self.add_error("why", _("Say why it is refused."))
        return self.cleaned_data


class ContestForm(ExplainedForm):
    """A figure that a learner contests."""

    day = calendar_day(_("Leave it empty if it is not about one day."), required=False)
    module = forms.ChoiceField(label=_("Module"), required=False, choices=[("", _("the whole course"))])
    claimed_minutes = forms.IntegerField(label=_("How many minutes should it be?"), min_value=0, max_value=60_000)
    words = paragraph(_("What happened"), _("In your words. Your trainers will read it and answer here."))

    def module_key(self) -> UsageKey | None:
        """The module, once it is valid."""
        return UsageKey.from_string(self.cleaned_data["module"]) if self.cleaned_data["module"] else None


class AnswerForm(ExplainedForm):
    """The staff's answer to a contest."""

    words = paragraph(_("Your answer"), _("The learner reads it."))
    correction = forms.ChoiceField(label=_("The correction that followed"), required=False, choices=[("", _("none"))])
