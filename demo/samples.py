"""One of each thing that the product issued, for the home page."""

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from opaque_keys.edx.keys import CourseKey


@dataclass(frozen=True)
class Samples:
    """Public identifiers."""

    credential: UUID
    attestation: UUID


def samples(course_key: CourseKey) -> Samples | None:
    """The first award's badge and certificate, once the product has issued both."""
    whole = {"award__action__course_key": course_key, "award__achievement__is_whole": True}
    credential = apps.get_model("openedx_utop.Credential").objects.filter(**whole).order_by("pk").first()
    if credential is None:
        return None
    attestations = apps.get_model("openedx_utop.Attestation").objects.filter(award_uuid=credential.award.uuid)
    attestation = attestations.first()
    return Samples(credential.uuid, attestation.uuid) if attestation else None
