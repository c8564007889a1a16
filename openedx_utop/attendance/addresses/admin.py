"""Where whoever has the permission on addresses reads them; nobody changes them."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.addresses.api import AddressKeyMissing, opened
from openedx_utop.attendance.addresses.models import ConnectionAddress


@admin.register(ConnectionAddress)
class ConnectionAddressAdmin(admin.ModelAdmin):
    """By the account's number. What no key opens any more is left empty."""

    list_display = ("user_id", "course_key", "seen_at", "address")
    fields = list_display
    readonly_fields = list_display
    search_fields = ("=user_id",)
    list_per_page = 50

    @admin.display(description=_("address"))
    def address(self, row: ConnectionAddress) -> str | None:
        """Decrypted."""
        try:
            return opened(row.ciphertext)
        except AddressKeyMissing:
            return None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the platform adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConnectionAddress | None = None) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConnectionAddress | None = None) -> bool:  # noqa: ARG002
        """Only the command of retention deletes."""
        return False
