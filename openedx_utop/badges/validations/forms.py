"""What whoever validates fills in."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 1000


class ValidationForm(forms.Form):
    """A tick, with its day and a remark."""

    achievement = forms.UUIDField(label=_("Badge"))
    day = forms.DateField(label=_("Validated on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    remark = forms.CharField(
        label=_("Remark, which the learner can read"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SomebodyForm(ValidationForm):
    """The same for somebody who is not in the list yet."""

    person = forms.CharField(label=_("Username or e-mail of the learner"), max_length=254)
    field_order = ("person", "achievement", "day", "remark")

    def __init__(self, badges: list[tuple[str, str]], *, today: date, data: object = None) -> None:
        super().__init__(data, initial={"day": today})  # type: ignore[arg-type]
        self.fields["achievement"].widget = forms.Select(choices=badges)


class WithdrawalForm(forms.Form):
    """Why what was validated no longer is."""

    achievement = forms.UUIDField()
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
