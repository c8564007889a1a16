"""Django's door to every domain's admin."""

from openedx_utop.training import admin as training

__all__ = ["training"]
