"""The form of a session, with its half-days in the official time zone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from openedx_utop.attendance.live.data import HalfDay, Plan, Session
from openedx_utop.attendance.live.models import Modality
from openedx_utop.attendance.live.rules import MOST_HALF_DAYS
from openedx_utop.compat import PathModule, platform
from openedx_utop.official_time import ENTERED_DAYS, official_zone

EMPTY_ROWS = 2


class SessionForm(forms.Form):
    """What a session is; its half-days are rows of their own."""

    title = forms.CharField(label=_("Title"), max_length=255)
    modality = forms.ChoiceField(label=_("Modality"), choices=Modality.choices)
    place = forms.CharField(label=_("Place (on site)"), max_length=255, required=False)
    link = forms.CharField(
        label=_("Link (videoconference)"),
        max_length=500,
        required=False,
        widget=forms.URLInput,
        validators=[URLValidator(["https", "http"])],
    )
    capacity = forms.IntegerField(
        label=_("Number of places"),
        required=False,
        min_value=1,
        max_value=32767,
        help_text=_("Empty: no limit, and no registration."),
    )
    trainer = forms.CharField(
        label=_("Trainer: username or e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Empty: anybody of the course's staff keeps the sheet."),
    )
    module = forms.ChoiceField(label=_("Module of the course"), required=False)

    def __init__(self, course_key: CourseKey, modules: Sequence[PathModule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course_key = course_key
        choices = [("", _("None in particular")), *((str(each.usage_key), each.title) for each in modules)]
        current = self.initial.get("module")
        if current and current not in dict(choices):
            choices.append((current, current))
        self.fields["module"].choices = choices  # type: ignore[attr-defined]

    def clean_trainer(self) -> int | None:
        """The account, of the course's staff or enrolled in it; others are not told apart from nobody."""
        name = self.cleaned_data["trainer"].strip()
        if not name:
            return None
        person = platform().person_named(name)
        if person is None or not _belongs(person.user_id, self.course_key):
            raise forms.ValidationError(_("Nobody of this course's staff or participants has this name or address."))
        return person.user_id

    def clean_module(self) -> UsageKey | None:
        """The subsection."""
        try:
            return UsageKey.from_string(self.cleaned_data["module"]) if self.cleaned_data["module"] else None
        except InvalidKeyError as error:
            raise forms.ValidationError(_("This module is not in the course.")) from error

    def plan(self, half_days: tuple[HalfDay, ...]) -> Plan:
        """What was entered, once it is valid."""
        entered = self.cleaned_data
        return Plan(
            title=entered["title"],
            modality=entered["modality"],
            place=entered["place"],
            link=entered["link"],
            capacity=entered["capacity"],
            trainer_id=entered["trainer"],
            module_key=entered["module"],
            half_days=half_days,
        )


class HalfDayForm(forms.Form):
    """A day, from an hour to another. A row left empty is no half-day; emptying one removes it."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), validators=ENTERED_DAYS
    )
    start = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    def half_day(self) -> HalfDay:
        """The interval, in UTC."""
        day, zone = self.cleaned_data["day"], official_zone()
        start, end = (datetime.combine(day, self.cleaned_data[name], zone) for name in ("start", "end"))
        return HalfDay(start.astimezone(UTC), end.astimezone(UTC))


HalfDays = forms.formset_factory(
    HalfDayForm, extra=EMPTY_ROWS, max_num=MOST_HALF_DAYS, absolute_max=MOST_HALF_DAYS, validate_max=True
)


def half_day_rows(sent: QueryDict | None, session: Session | None = None) -> "forms.BaseFormSet[HalfDayForm]":
    """The rows as sent, else those of the session that is there, and empty ones."""
    initial = _initial_rows(session) if session and sent is None else None
    return HalfDays(sent, initial=initial, form_kwargs={"empty_permitted": True})


def half_days(rows: "forms.BaseFormSet[HalfDayForm]") -> tuple[HalfDay, ...]:
    """The rows that were filled in, once they are valid."""
    return tuple(row.half_day() for row in rows.forms if row.cleaned_data)


def initial_of(session: Session) -> dict[str, object]:
    """The form's values for a session that is there."""
    trainer = platform().person(session.trainer_id) if session.trainer_id else None
    return {
        "title": session.title,
        "modality": session.modality,
        "place": session.place,
        "link": session.link,
        "capacity": session.capacity,
        "trainer": trainer.username if trainer else "",
        "module": str(session.module_key or ""),
    }


def _initial_rows(session: Session) -> list[dict[str, object]]:
    zone = official_zone()
    local = ((slot.start.astimezone(zone), slot.end.astimezone(zone)) for slot in session.slots)
    return [{"day": start.date(), "start": start.time(), "end": end.time()} for start, end in local]


def _belongs(user_id: int, course_key: CourseKey) -> bool:
    return platform().is_course_staff(user_id, course_key) or platform().is_enrolled(user_id, course_key)
