"""Who has an account."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import get_user_model


@dataclass(frozen=True)
class Person:
    """An account of the platform."""

    user_id: int
    username: str
    full_name: str
    email: str
    language: str
    is_active: bool = True


class Accounts(Protocol):
    """Asked of every host."""

    def person(self, user_id: int) -> Person | None:
        """The account, or None once it is gone."""

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        """Those of these accounts that are there, in a constant number of queries."""

    def person_named(self, name: str) -> Person | None:
        """The account of this username or e-mail address; None if there is none, or more than one."""

    def address_before_retirement(self, user_id: int) -> str:
        """The e-mail address of an account that is being retired, as it was; empty if it is not."""


class OpenEdxAccounts:
    """Answered by the LMS and Studio."""

    def person(self, user_id: int) -> Person | None:
        """The account with its profile's name and preferred language."""
        return self.persons([user_id]).get(user_id)

    def persons(self, user_ids: Collection[int]) -> dict[int, Person]:
        """The accounts with their profiles' names and preferred languages."""
        from openedx.core.djangoapps.user_api.models import UserPreference  # noqa: PLC0415

        preferences = UserPreference.objects.filter(user_id__in=user_ids, key="pref-lang")
        languages = dict(preferences.values_list("user_id", "value"))
        accounts = account_rows().select_related("profile").filter(pk__in=user_ids)
        return {user.pk: _person(user, languages.get(user.pk) or settings.LANGUAGE_CODE) for user in accounts}

    def person_named(self, name: str) -> Person | None:
        """By the exact username, else by the e-mail address in whatever case."""
        named = account_rows().filter(username=name) or account_rows().filter(email__iexact=name)
        return self.person(named[0].pk) if len(named) == 1 else None

    def address_before_retirement(self, user_id: int) -> str:
        """From the state of the retirement."""
        from openedx.core.djangoapps.user_api.models import UserRetirementStatus  # noqa: PLC0415

        found = UserRetirementStatus.objects.filter(user_id=user_id)
        return str(found.values_list("original_email", flat=True).first() or "")


def _person(user: Any, language: str) -> Person:
    name = getattr(getattr(user, "profile", None), "name", "") or user.get_full_name() or user.username
    return Person(user.pk, user.username, name, user.email, language, is_active=user.is_active)


def account_rows() -> Any:
    """The manager of the platform's accounts."""
    return get_user_model().objects
