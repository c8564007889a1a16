"""A badge in the editor: its form, its preview, and the skills to choose from."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from openedx_utop.badges.drawing.api import SYMBOLS, Drawing, symbol_drawing
from openedx_utop.badges.editing import picker
from openedx_utop.badges.editing.data import Draft, Known, Look
from openedx_utop.badges.editing.desk import address, shown
from openedx_utop.badges.editing.forms import BadgeForm, described
from openedx_utop.badges.endorsements.embedding import endorsements
from openedx_utop.badges.rules import valid_until


def show_badge(
    request: HttpRequest,
    course_key: CourseKey,
    known: Known,
    form: BadgeForm,
    *,
    look: Look | None = None,
    draft: Draft | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The form, and above it the badge as it would be shown, if the form can be read."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = numbers(form["skills"].value() or ())
    context = {
        "known": known,
        "form": described(form),
        "symbols": [(name, words, symbol_drawing(name)) for name, (words, _path) in SYMBOLS.items()],
        "chosen": picker.chosen_skills(chosen),
        "frameworks": picker.frameworks(),
        "modules": _modules(form),
        "remove": address(request, "badge-remove", course_key, known.uuid) if known.uuid else "",
        "uploaded": _uploaded(request, course_key, form),
        **found(sent.get("q", ""), sent.get("framework", ""), chosen),
        **(_preview(request, course_key, look, draft) if look and draft else {}),
    }
    return shown(request, course_key, "badge", context, status or (HTTPStatus.BAD_REQUEST if form.errors else 200))


def _preview(request: HttpRequest, course_key: CourseKey, look: Look, draft: Draft) -> dict[str, Any]:
    today = timezone.now()
    return {
        "look": look,
        "achievement": look.achievement,
        "endorsements": endorsements(dict(look.achievement), now=today),
        "image_url": image_address(request, course_key, draft),
        "today": today,
        "until": valid_until(today, look.validity_months) if look.validity_months else None,
        "json": json.dumps(look.achievement, ensure_ascii=False, indent=2),
    }


def image_address(request: HttpRequest, course_key: CourseKey, draft: Draft) -> str:
    """Where the author sees the picture of a badge that nobody else sees yet."""
    if draft.drawing:
        return f"{address(request, 'badge-drawn', course_key)}?{urlencode(_asked(draft.drawing, draft.level))}"
    if draft.sha256:
        return address(request, "badge-kept-picture", course_key, draft.sha256)
    return static("openedx_utop/badge.png")


def _asked(drawing: Drawing, level: str) -> dict[str, str]:
    return {
        "picture_text": drawing.text,
        "symbol": drawing.symbol,
        "frame": drawing.frame,
        "colour": drawing.colour,
        "second_colour": drawing.second_colour,
        "level": level,
    }


def _modules(form: BadgeForm) -> list[dict[str, Any]]:
    """The boxes to tick, by section; the sections with ticks are open."""
    chosen = set(form["modules"].value() or ()) if "modules" in form.fields else set()
    opened = {each.section for each in form.subsections if each.key in chosen}
    return [
        {**asdict(each), "is_chosen": each.key in chosen, "is_open": each.section in opened}
        for each in form.subsections
    ]


def _uploaded(request: HttpRequest, course_key: CourseKey, form: BadgeForm) -> str:
    """The address of a picture that was uploaded and not kept yet."""
    sha256 = (form.cleaned_data if form.is_bound else form.initial).get("sha256")
    return address(request, "badge-kept-picture", course_key, sha256) if sha256 else ""


def found(text: str, framework: str, chosen: tuple[int, ...]) -> dict[str, Any]:
    """The skills that the author searches for, those chosen left out."""
    if not text.strip():
        return {"q": "", "framework": framework, "matches": None}
    matches, number = picker.found_skills(text[:200], framework, chosen=chosen)
    return {"q": text, "framework": framework, "matches": matches, "number": number}


def numbers(values: Iterable[Any]) -> tuple[int, ...]:
    """Of rows, as a browser sends them; what cannot be one is left out."""
    return tuple(int(value) for value in values if str(value).isdecimal() and len(str(value)) < 19)
