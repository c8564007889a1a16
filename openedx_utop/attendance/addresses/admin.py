"""Where whoever has the permission on addresses reads them; nobody changes them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from openedx_utop.attendance.addresses.api import AddressKeyMissing, opened
from openedx_utop.attendance.addresses.models import ConnectionAddress
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(ConnectionAddress)
class ConnectionAddressAdmin(ReadOnlyAdmin):
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
