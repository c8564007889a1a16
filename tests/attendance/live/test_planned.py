"""The live hours that were planned for one learner."""

from datetime import timedelta

from openedx_utop.attendance.live import api
from openedx_utop.attendance.live.models import LiveRegistration, LiveSession, LiveSignature
from tests.attendance.live.conftest import CAMILLE, COURSE, MORNING, SACHA, ms, new_session


def test_half_days_with_a_place_or_a_signature_and_no_others(session: LiveSession) -> None:
    LiveRegistration.objects.create(session=session, user_id=CAMILLE, registered_at=MORNING)
    talk = new_session("Entretien", modality="remote_live")
    for rank, slot in enumerate(talk.slots.order_by("start")[:1], start=1):
        for user_id in (CAMILLE, SACHA):
            LiveSignature.objects.create(
                slot=slot,
                user_id=user_id,
                rank=rank,
                method="code",
                intervals=[[ms(slot.start), ms(slot.start + timedelta(hours=1))]],
                signed_by=user_id,
                signed_at=MORNING,
            )
    cancelled = new_session("Annulée", cancelled_at=MORNING)
    LiveRegistration.objects.create(session=cancelled, user_id=CAMILLE, registered_at=MORNING)
    assert api.planned_seconds(CAMILLE, COURSE) == {
        ("onsite_group", None): 2 * 3 * 3600,
        ("remote_live", None): 3 * 3600,
    }
    assert api.planned_seconds(SACHA, COURSE) == {("remote_live", None): 3 * 3600}
