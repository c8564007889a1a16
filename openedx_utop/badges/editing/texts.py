"""The words of a badge, as anybody may write them: in the editor, and in the administration."""

import re

from django import forms
from django.utils.translation import gettext as _

from openedx_utop.badges.rules import cleaned
from openedx_utop.markup import html_in, strange_link

# They turn the letters around them, so that a name reads otherwise than it is written.
DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_text(text: str, *, is_required: bool) -> str:
    """Without what would show it otherwise than it is written. Raises forms.ValidationError."""
    kept = cleaned(text).strip()
    if DIRECTIONS.search(kept):
        raise forms.ValidationError(
            _("This text holds invisible marks that turn the direction of writing. Type it again by hand.")
        )
    if not kept and is_required:
        raise forms.ValidationError(_("Write something that can be read."))
    return kept


def markdown(text: str, *, is_required: bool) -> str:
    """The same, Markdown without HTML. Raises forms.ValidationError."""
    kept = plain_text(text, is_required=is_required)
    if element := html_in(kept):
        raise forms.ValidationError(
            _("HTML is not shown the same everywhere: write Markdown instead of {element}").format(element=element)
        )
    if link := strange_link(kept):
        raise forms.ValidationError(
            _("A link leads to a web page, https://…; this one does not: {link}").format(link=link)
        )
    return kept
