"""What the author's browser sends of a badge."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.data import MalformedImage
from openedx_utop.badges.drawing.api import COLOUR, SECOND_COLOUR, Drawing
from openedx_utop.badges.editing.condition_form import ConditionForm, initial_conditions
from openedx_utop.badges.editing.data import Draft, Known, Subsection
from openedx_utop.badges.editing.picker import MOST_CHOSEN
from openedx_utop.badges.editing.picture_form import PictureForm
from openedx_utop.badges.editing.texts import markdown, plain_text
from openedx_utop.badges.models import AchievementImage, Skill
from openedx_utop.badges.pictures import await_picture, check_picture
from openedx_utop.organizations.api import provider
from openedx_utop.sectors.api import offered_sectors, sectors
from openedx_utop.training.api import Action

MOST_DIGITS = 18
KEPT, DRAWN, UPLOADED = "kept", "drawn", "uploaded"
PICTURES = (
    (DRAWN, gettext_lazy("Drawn from a template")),
    (UPLOADED, gettext_lazy("A picture of your own")),
    (KEPT, gettext_lazy("As it is now")),
)
WITHOUT_PICTURE = (
    *PICTURES[:2],
    (KEPT, gettext_lazy("The one that comes with the product")),
)


class ChosenSkills(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Skills by their numbers; one that no database could hold is refused as any other that is nobody's."""

    def clean(self, value: Any) -> Any:
        """The rows."""
        if any(len(str(each)) > MOST_DIGITS for each in value or ()):
            raise forms.ValidationError(_("One of these skills is not known here."))
        return super().clean(value)


class BadgeForm(PictureForm, ConditionForm):
    """The whole badge."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    description = forms.CharField(
        label=gettext_lazy("What this badge stands for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What its holder can do, for somebody who recruits. Lists and **bold** are kept."),
    )
    criteria = forms.CharField(
        label=gettext_lazy("What it takes to earn it"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Empty: written from the conditions. A line that starts with “- ” is an item of a list; **bold**, "
            "*italics*, [link](https://…)."
        ),
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Trade"),
        required=False,
        help_text=gettext_lazy("Whose path the badge certifies: others are not awarded it."),
    )
    validity_months = forms.IntegerField(
        label=gettext_lazy("Validity, in months"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=gettext_lazy("Empty: the badge does not expire."),
    )
    picture = forms.ChoiceField(label=gettext_lazy("Picture"), choices=PICTURES, widget=forms.RadioSelect)
    upload = forms.FileField(
        label=gettext_lazy("PNG file"),
        required=False,
        help_text=gettext_lazy("A square PNG of 90 to 2000 pixels, one megabyte at most."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )
    sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    skills = ChosenSkills(queryset=Skill.objects.all(), required=False)

    def __init__(
        self, course_key: CourseKey, known: Known, subsections: Sequence[Subsection], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.subsections = known, tuple(subsections)
        self.offer(subsections, of_part=not known.is_whole)
        offered = {sector.slug for sector in offered_sectors(course_key)} | {known.draft.sector}
        choices = [(sector.slug, sector.name) for sector in sectors() if sector.slug in offered]
        if choices and not known.is_whole:
            self.fields["sector"].choices = [("", _("Of none in particular")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["sector"]
        if known.draft.drawing:
            # Drawn again it is the same.
            self.fields["picture"].choices = PICTURES[:2]  # type: ignore[attr-defined]
        elif not known.draft.sha256:
            self.fields["picture"].choices = WITHOUT_PICTURE  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Without what would show it otherwise than it is written."""
        return plain_text(self.cleaned_data["name"], is_required=True)

    def clean_description(self) -> str:
        """Markdown without HTML."""
        return markdown(self.cleaned_data["description"], is_required=True)

    def clean_criteria(self) -> str:
        """Markdown without HTML, or nothing: then the conditions are told."""
        return markdown(self.cleaned_data["criteria"], is_required=bool(self.cleaned_data["criteria"].strip()))

    def clean_skills(self) -> tuple[int, ...]:
        """Their numbers, not too many for anybody to read."""
        numbers = tuple(skill.pk for skill in self.cleaned_data["skills"])
        if len(numbers) > MOST_CHOSEN:
            raise forms.ValidationError(_("A badge stands for {most} skills at most.").format(most=MOST_CHOSEN))
        return numbers

    def clean(self) -> dict[str, Any]:
        """Keep a new picture, so that it is there when the page comes back."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("picture") == UPLOADED and "upload" in said and "sha256" in said:
            said["sha256"] = self._uploaded(said["upload"], said["sha256"])
        return said

    def draft(self) -> Draft:
        """What a valid form says."""
        said = self.cleaned_data
        modules, conditions = self.asked()
        is_drawn = said["picture"] == DRAWN
        kept = {KEPT: self.known.draft.sha256, UPLOADED: said["sha256"]}.get(said["picture"], "")
        return Draft(
            name=said["name"],
            description=said["description"],
            criteria=said["criteria"],
            level=said["level"],
            sector=said.get("sector", ""),
            validity_months=said["validity_months"],
            skills=said["skills"],
            sha256=kept,
            drawing=self.drawing(said["name"]) if is_drawn else None,
            modules=modules,
            conditions=conditions,
        )

    def _uploaded(self, upload: "File[bytes] | None", sha256: str) -> str:
        if upload is None:
            if not AchievementImage.objects.filter(sha256=sha256).exists():
                self.add_error("upload", _("Choose a file, or have the picture drawn."))
            return sha256
        png = cast(bytes, upload.read())
        try:
            check_picture(png)
        except MalformedImage as error:
            self.add_error("upload", str(error))
            return ""
        return await_picture(png, now=timezone.now()).sha256


def initial(known: Known, action: Action) -> dict[str, Any]:
    """The form of a badge as it is."""
    draft, facts = known.draft, provider(action.provider_id)
    drawing = draft.drawing or Drawing(
        text="", symbol="star", colour=facts.colour or COLOUR, second_colour=facts.second_colour or SECOND_COLOUR
    )
    return {
        "name": draft.name,
        "description": draft.description,
        "criteria": draft.criteria,
        "level": draft.level,
        "sector": draft.sector,
        "validity_months": draft.validity_months,
        "skills": draft.skills,
        "picture": DRAWN if draft.drawing or known.is_new else KEPT,
        "picture_text": "" if drawing.text == draft.name else drawing.text,
        "symbol": drawing.symbol,
        "frame": drawing.frame,
        "colour": drawing.colour,
        "second_colour": drawing.second_colour,
        "seen": known.seen,
        **initial_conditions(draft),
    }


def resumed(form: BadgeForm, course_key: CourseKey, **changes: Any) -> BadgeForm:
    """The same form to go on with, what was typed in it left unjudged; a picture that was sent with it is kept."""
    form.full_clean()
    typed = {name: form[name].value() for name in form.fields if name != "upload"}
    sent = {"sha256": form.cleaned_data.get("sha256", "")}
    return BadgeForm(course_key, form.known, form.subsections, initial={**typed, **sent, **changes})


def described(form: forms.Form) -> forms.Form:
    """The form with each field tied to its explanation and its error, for those who do not see where they stand."""
    for bound in form:
        attributes = bound.field.widget.attrs
        near = [f"{bound.id_for_label}_error"] if bound.errors else []
        near += [f"{bound.id_for_label}_helptext"] if bound.help_text else []
        if near:
            attributes["aria-describedby"] = " ".join(near)
        if bound.errors:
            attributes["aria-invalid"] = "true"
    return form
