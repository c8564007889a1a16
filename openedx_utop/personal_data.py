"""Everything held about one person, for that person (GDPR, articles 15 and 20)."""

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.db.models import BinaryField, Field, FileField, ForeignKey, Model, PositiveBigIntegerField, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openedx_utop.attendance.addresses.api import AddressKeyMissing, opened
from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.compat import platform
from openedx_utop.enrolment.api import offered_to
from openedx_utop.enrolment.models import Seat
from openedx_utop.visitors import visitor_id

# Whom a row is about: a learner, or who trains a session.
ABOUT = ("user_id", "trainer_id")


@login_required
@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """`/utop/my-data.json`: one file with every row about the signed-in person."""
    answer = JsonResponse(held_about(visitor_id(request)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="utop-my-data.json"'
    return answer


def held_about(user_id: int) -> dict[str, Any]:
    """The account, then each kind of row by its name, each row by the names of its fields."""
    person = platform().person(user_id)
    # Whoever has not shown that the address is theirs does not learn what it was sent.
    offered = offered_to(person.email) if person and person.is_active and person.email else []
    account = {"username": person.username, "full_name": person.full_name, "email": person.email} if person else {}
    held = {
        str(capfirst(model._meta.verbose_name_plural)): [
            _row(row, user_id) for row in _rows(model, way, user_id, offered)
        ]
        for model, way in ways_to_the_learner().items()
    }
    return {
        str(_("drawn up at")): timezone.now(),
        str(_("account")): account,
        **{name: rows for name, rows in held.items() if rows},
    }


def ways_to_the_learner() -> dict[type[Model], str]:
    """Each model whose rows are about one learner, and the look-up that leads to their id.

    Found by the models' own fields, so that a new one cannot be forgotten.
    """
    ways = {model: _way(model) for model in apps.get_app_config("openedx_utop").get_models()}
    return {model: way for model, way in ways.items() if way}


def _way(model: type[Model]) -> str | None:
    fields = {field.name: field for field in model._meta.concrete_fields}
    for name in ABOUT:
        if name in fields:
            return name
    for name, field in fields.items():
        if isinstance(field, ForeignKey) and field.related_model is not model:
            beyond = _way(field.related_model)
            if beyond:
                return f"{name}__{beyond}"
    return None


def _rows(model: type[Model], way: str, user_id: int, offered: Collection[int]) -> Iterator[Model]:
    """Theirs, and what hangs on the seats offered to their address."""
    about = Q(**{way: user_id})
    if model is Seat:
        about |= Q(pk__in=offered)
    elif way == "seat__user_id":
        about |= Q(seat__in=offered)
    named = [field.name for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    return model._default_manager.filter(about).select_related(*named).order_by("pk").iterator()


def _row(row: Model, user_id: int) -> dict[str, Any]:
    return {
        _name(field): _value(field, row, user_id)
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(field, (BinaryField, FileField))
    }


def _name(field: "Field[Any, Any]") -> str:
    """In the reader's language: a reference without a name of its own goes by what it refers to."""
    if isinstance(field, ForeignKey) and field.verbose_name == field.name.replace("_", " "):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _value(field: "Field[Any, Any]", row: Model, user_id: int) -> Any:
    """As JSON can hold it; other people's accounts are theirs, not the learner's."""
    value = getattr(row, field.attname)
    if isinstance(field, ForeignKey):
        return str(getattr(row, field.name)) if value is not None else None
    if isinstance(field, PositiveBigIntegerField) and field.name.endswith(("_id", "_by")) and value is not None:
        return _("you") if value == user_id else _("somebody else")
    if isinstance(row, ConnectionAddress) and field.name == "ciphertext":
        return _address(value)
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return field.value_to_string(row)


def _address(ciphertext: str) -> str | None:
    """Their own address is theirs to read; None if its key is gone."""
    try:
        return opened(ciphertext)
    except AddressKeyMissing:
        return None
