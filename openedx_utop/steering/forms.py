"""The form by which the team notes a contact."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.assistance import api as assistance
from openedx_utop.official_time import ENTERED_DAYS, official_zone

AS_THE_BROWSER_SENDS_IT = "%Y-%m-%dT%H:%M"


class ContactForm(forms.Form):
    """A contact as typed; date and time are in the official time zone."""

    direction = forms.ChoiceField(label=_("Who turned to whom"), choices=assistance.Direction.choices)
    channel = forms.ChoiceField(label=_("How"), choices=assistance.Channel.choices)
    at = forms.DateTimeField(
        label=_("Date and time"),
        input_formats=[AS_THE_BROWSER_SENDS_IT],
        widget=forms.DateTimeInput(format=AS_THE_BROWSER_SENDS_IT, attrs={"type": "datetime-local"}),
    )
    minutes = forms.IntegerField(
        label=_("Duration in minutes (0 for a message)"),
        min_value=0,
        max_value=assistance.LONGEST_MINUTES,
        initial=0,
    )
    subject = forms.CharField(label=_("Subject"), max_length=assistance.LONGEST_SUBJECT)
    text = forms.CharField(
        label=_("What was asked, answered or agreed"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_at(self) -> datetime:
        """The instant meant, whichever zone the platform runs in."""
        typed = cast(datetime, self.cleaned_data["at"])
        for check in ENTERED_DAYS:
            check(typed.date())
        return timezone.make_naive(typed).replace(tzinfo=official_zone())

    @property
    def contact(self) -> assistance.NewContact:
        """What was typed, once it is valid."""
        typed: dict[str, Any] = self.cleaned_data
        return assistance.NewContact(**typed)


def blank_form(now: datetime) -> ContactForm:
    """A form that proposes the present minute."""
    here = now.astimezone(official_zone())
    return ContactForm(initial={"at": here.strftime(AS_THE_BROWSER_SENDS_IT)})
