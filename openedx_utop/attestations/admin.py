"""The operator's register of issued documents, to read only: what was attested does not change."""

from django.contrib import admin
from django.http import HttpRequest

from openedx_utop.attestations.models import Attestation


@admin.register(Attestation)
class AttestationAdmin(admin.ModelAdmin):
    """Issued documents, the latest first."""

    list_display = ["number", "course_key", "user_id", "issued_at"]
    search_fields = ["number", "=uuid", "=user_id"]
    # No date_hierarchy: it fails where the operator's database holds no time zone names.
    ordering = ["-issued_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents follow from awards."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Attestation | None = None) -> bool:  # noqa: ARG002
        """Evidence."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Attestation | None = None) -> bool:  # noqa: ARG002
        """Evidence."""
        return False
