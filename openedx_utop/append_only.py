"""Rows that are written once: the base of what is evidence."""

from typing import Any, NoReturn

from django.db import models


class WrittenOnce(TypeError):
    """Such rows are neither changed nor deleted: what corrects one is another row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads, and creates."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Raises WrittenOnce."""
        raise WrittenOnce(self.model.__name__)

    def delete(self) -> NoReturn:
        """Raises WrittenOnce."""
        raise WrittenOnce(self.model.__name__)

    def erase(self) -> int:
        """Delete nevertheless, and return how many: only what the law keeps no longer. The database may refuse."""
        return self._raw_delete(self.db) or 0


class AppendOnly(models.Model):
    """A row that can be added, and that is all."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raises WrittenOnce for a row that is already there."""
        if not self._state.adding:
            raise WrittenOnce(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises WrittenOnce."""
        raise WrittenOnce(type(self).__name__)
