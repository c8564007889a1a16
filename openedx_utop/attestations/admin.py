"""The operator's register of issued documents, to read only: what was attested does not change."""

from django.contrib import admin

from openedx_utop.attestations.models import Attestation, ErasedAttestation
from openedx_utop.read_only_admin import ReadOnlyAdmin


@admin.register(Attestation)
class AttestationAdmin(ReadOnlyAdmin):
    """Issued documents, the latest first."""

    list_display = ["number", "course_key", "user_id", "issued_at"]
    search_fields = ["number", "=uuid", "=user_id"]
    # No date_hierarchy: it fails where the operator's database holds no time zone names.
    ordering = ["-issued_at"]


@admin.register(ErasedAttestation)
class ErasedAttestationAdmin(ReadOnlyAdmin):
    """What is left of documents whose time is over, the latest first."""

    list_display = ["number", "issued_at", "years", "erased_at"]
    search_fields = ["number", "=uuid"]
    ordering = ["-erased_at"]
