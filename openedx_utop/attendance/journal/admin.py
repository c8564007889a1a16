"""The journal in the admin, to be looked at."""

from django.contrib import admin

from openedx_utop.attendance.journal.models import JournalRow, JournalSeal
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(JournalRow)
class JournalRowAdmin(ReadOnlyAdmin):
    """By learner and course."""

    list_display = ("chain", "position", "kind", "text")
    list_select_related = ("chain",)
    search_fields = ("=chain__user_id", "=chain__course_key")
    fields = ("chain", "position", "kind", "text", "digest")
    show_full_result_count = False

    @admin.display(description="JSON")
    def text(self, row: JournalRow) -> str:
        """The content."""
        return bytes(row.content).decode(errors="replace")

    @admin.display(description="SHA-256")
    def digest(self, row: JournalRow) -> str:
        """In hexadecimal."""
        return bytes(row.hash).hex()


@admin.register(JournalSeal)
class JournalSealAdmin(ReadOnlyAdmin):
    """By day."""

    list_display = ("number", "day", "digest")
    fields = ("number", "day", "text", "digest")

    @admin.display(description="JSON")
    def text(self, seal: JournalSeal) -> str:
        """The content."""
        return bytes(seal.content).decode(errors="replace")

    @admin.display(description="SHA-256")
    def digest(self, seal: JournalSeal) -> str:
        """In hexadecimal."""
        return bytes(seal.hash).hex()
