"""What the author's browser sends of a badge's conditions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openedx_utop.badges.editing.data import Draft, Subsection
from openedx_utop.badges.evidence import decimal
from openedx_utop.compat import platform
from openedx_utop.training.api import Conditions

PART_FIELDS = ("modules", "grade_of_action", "minutes_of_action")


class ConditionForm(forms.Form):
    """What it takes; a part of an action also says what it is a part of."""

    modules = forms.MultipleChoiceField(
        label=gettext_lazy("Modules"),
        required=False,
        help_text=gettext_lazy("One: the badge of a module. Several: of a block. None: of each learner’s whole path."),
    )
    requires_completion = forms.BooleanField(label=gettext_lazy("These modules are completed"), required=False)
    required_grade = forms.FloatField(
        label=gettext_lazy("Grade, in percent"),
        required=False,
        min_value=0,
        max_value=100,
        localize=True,
        help_text=gettext_lazy("At least."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    grade_of_action = forms.BooleanField(
        label=gettext_lazy("The grade is that of the whole training, not of these modules"), required=False
    )
    required_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of certified time"),
        required=False,
        min_value=0,
        max_value=100000,
        help_text=gettext_lazy("At least."),
    )
    minutes_of_action = forms.BooleanField(
        label=gettext_lazy("The minutes are those of the whole training, not of these modules"), required=False
    )
    required_half_days = forms.IntegerField(
        label=gettext_lazy("Half-days of live sessions"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("At least, and signed."),
    )
    requires_every_session = forms.BooleanField(label=gettext_lazy("Every live session is attended"), required=False)
    requires_validation = forms.BooleanField(label=gettext_lazy("Somebody validates it"), required=False)
    validator = forms.CharField(
        label=gettext_lazy("Who validates: username or e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Empty: anybody of the course's staff."),
    )

    def offer(self, subsections: Sequence[Subsection], *, of_part: bool) -> None:
        """Let the author choose among these; the whole action has no modules of its own to choose."""
        if of_part:
            choices = [(each.key, each.title) for each in subsections]
            self.fields["modules"].choices = choices  # type: ignore[attr-defined]
            return
        for name in PART_FIELDS:
            del self.fields[name]
        self.fields["requires_completion"].label = gettext_lazy("Every module of one’s own path is completed")

    def clean_validator(self) -> int | None:
        """The number of the account, none for anybody of the staff."""
        name = self.cleaned_data["validator"].strip()
        person = platform().person_named(name) if name else None
        if name and person is None:
            raise forms.ValidationError(_("Nobody here has this username or e-mail address."))
        return person.user_id if person else None

    def asked(self) -> tuple[tuple[str, ...], Conditions]:
        """The modules and the conditions of a valid form."""
        said = self.cleaned_data
        conditions = Conditions(
            requires_completion=said["requires_completion"],
            required_grade=said["required_grade"] or 0.0,
            required_seconds=(said["required_minutes"] or 0) * 60,
            required_half_days=said["required_half_days"] or 0,
            requires_every_session=said["requires_every_session"],
            requires_validation=said["requires_validation"],
            validator_id=said["validator"] if said["requires_validation"] else None,
            grade_of_action=said.get("grade_of_action", False),
            minutes_of_action=said.get("minutes_of_action", False),
        )
        return tuple(said.get("modules", ())), conditions


def initial_conditions(draft: Draft) -> dict[str, Any]:
    """The fields of a badge as it is."""
    asked = draft.conditions
    validator = platform().person(asked.validator_id) if asked.validator_id is not None else None
    return {
        "modules": draft.modules,
        "requires_completion": asked.requires_completion,
        "required_grade": decimal(asked.required_grade) if asked.required_grade else None,
        "grade_of_action": asked.grade_of_action,
        "required_minutes": asked.required_seconds // 60 or None,
        "minutes_of_action": asked.minutes_of_action,
        "required_half_days": asked.required_half_days or None,
        "requires_every_session": asked.requires_every_session,
        "requires_validation": asked.requires_validation,
        "validator": validator.username if validator else "",
    }
