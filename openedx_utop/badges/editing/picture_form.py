"""What the author's browser sends of a picture to be drawn."""

from django import forms
from django.utils.translation import gettext_lazy

from openedx_utop.badges.data import Level
from openedx_utop.badges.drawing.api import SYMBOLS, Drawing, Frame
from openedx_utop.badges.rules import cleaned

FRAMES = (
    (Frame.DISC, gettext_lazy("Disc")),
    (Frame.HEXAGON, gettext_lazy("Hexagon")),
    (Frame.PLATE, gettext_lazy("Square")),
)
COLOUR_INPUT = forms.TextInput(attrs={"type": "color"})


class PictureForm(forms.Form):
    """What a picture is drawn from."""

    picture_text = forms.CharField(
        label=gettext_lazy("Text on the picture"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Short: it is read in small. Empty: the name of the badge. Emoji are left out."),
    )
    symbol = forms.ChoiceField(
        label=gettext_lazy("Symbol"), choices=[(name, words) for name, (words, _path) in SYMBOLS.items()]
    )
    frame = forms.ChoiceField(label=gettext_lazy("Shape"), choices=FRAMES)
    colour = forms.RegexField(label=gettext_lazy("Colour"), regex=r"^#[0-9a-f]{6}$", widget=COLOUR_INPUT)
    second_colour = forms.RegexField(
        label=gettext_lazy("Second colour"),
        regex=r"^#[0-9a-f]{6}$",
        widget=COLOUR_INPUT,
        help_text=gettext_lazy("Of the border and the symbol. Where it is too close to the first, white or black."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        choices=[("", gettext_lazy("Of none in particular")), *Level.choices],
        required=False,
        help_text=gettext_lazy("A drawn picture has one star, two or three."),
    )

    def drawing(self, name: str) -> Drawing:
        """What to draw for a badge of this name."""
        said = self.cleaned_data
        return Drawing(
            text=cleaned(said["picture_text"]).strip() or name,
            symbol=said["symbol"],
            frame=Frame(said["frame"]),
            colour=said["colour"],
            second_colour=said["second_colour"],
            stars=Level.values.index(said["level"]) + 1 if said["level"] else 0,
        )
