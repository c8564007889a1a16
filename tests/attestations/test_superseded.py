"""A correction of time after the certificate: another one cancels and replaces it, and the first stays as it was."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from openedx_utop.attendance.corrections.models import Correction, CorrectionDecision
from openedx_utop.attendance.live.models import LiveSlot, TrainerSignature
from openedx_utop.attestations import api
from openedx_utop.attestations.models import Attestation
from openedx_utop.organizations.api import declare_employer
from tests.attestations.factories import AWARDED, CAMILLE, COURSE, START, STRANGER, TEACHER, attend, usage_key

NEXT_DAY = timedelta(days=1)


def correct(seconds, *, is_accepted=True, user_id=CAMILLE):
    """A correction, by two persons."""
    correction = Correction.objects.create(
        user_id=user_id,
        rank=Correction.objects.filter(user_id=user_id).count() + 1,
        course_key=COURSE,
        day=START.date(),
        module_key=usage_key(0),
        seconds=seconds,
        reason_code="incident",
        text="Panne.",
        author_id=TEACHER,
        author_role="staff",
        recorded_at=AWARDED,
        needs_second_person=True,
        after_issue=True,
    )
    if is_accepted is not None:
        CorrectionDecision.objects.create(
            correction=correction, is_accepted=is_accepted, decided_by=TEACHER + 1, decided_at=AWARDED
        )


def reissue(award, days=1):
    return api.issue_attestation(**award | {"now": award["now"] + days * NEXT_DAY})


def said(uuid):
    pages = PdfReader(io.BytesIO(api.pdf(uuid))).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_another_one_replaces_it_and_says_so(award, issued):
    correct(600)
    successor = reissue(award)
    assert successor.number != issued.number
    assert successor.replaces == api.Reference(issued.uuid, issued.number)
    assert api.attestation(issued.uuid).replaced_by == api.Reference(successor.uuid, successor.number)
    assert f"Annule et remplace le certificat n° {issued.number} du 29 janvier 2027" in said(successor.uuid)[0]
    assert api.attestations_of(CAMILLE) == (successor, api.attestation(issued.uuid))


def test_a_half_day_that_the_trainer_signs_later_is_certified_anew(award, issued):
    attend(START + timedelta(days=2), timedelta(hours=3), trainer_signs=False)
    assert reissue(award).uuid == issued.uuid
    TrainerSignature.objects.create(slot=LiveSlot.objects.get(), user_id=TEACHER, signed_at=AWARDED + NEXT_DAY)
    successor = reissue(award, days=2)
    assert successor.replaces == api.Reference(issued.uuid, issued.number)
    assert successor.certified_seconds > issued.certified_seconds + 2 * 3600
    assert reissue(award, days=3).uuid == successor.uuid


def test_once_its_corrections_are_kept_no_longer_it_stays(award, issued):
    correct(600)
    second = reissue(award)
    CorrectionDecision.objects.all().erase()
    Correction.objects.all().erase()
    assert reissue(award, days=3).uuid == second.uuid


def test_the_former_one_stays_as_it_was(award, issued):
    before = api.pdf(issued.uuid)
    correct(600)
    reissue(award)
    assert api.pdf(issued.uuid) == before
    assert api.is_intact(issued.uuid)
    assert "Annule" not in said(issued.uuid)[0]


def test_twice_replaced_is_a_chain(award, issued):
    correct(600)
    second = reissue(award)
    correct(-60)
    third = reissue(award, days=2)
    assert [facts.uuid for facts in api.attestations_of(CAMILLE)] == [third.uuid, second.uuid, issued.uuid]
    assert third.replaces == api.Reference(second.uuid, second.number)
    assert third.replaced_by is None
    assert second.number in said(third.uuid)[0]
    assert issued.number not in said(third.uuid)[0]


def test_several_corrections_at_once_make_one_successor(award, issued):
    correct(600)
    correct(-60)
    assert reissue(award) == reissue(award, days=3)
    assert Attestation.objects.count() == 2


@pytest.mark.parametrize("is_accepted", [False, None])
def test_what_does_not_count_replaces_nothing(award, issued, is_accepted):
    correct(600, is_accepted=is_accepted)
    assert reissue(award).uuid == issued.uuid
    assert Attestation.objects.count() == 1


def test_a_correction_of_somebody_else_replaces_nothing(award, issued):
    correct(600, user_id=STRANGER)
    assert reissue(award).uuid == issued.uuid


def test_a_correction_before_the_first_one_replaces_nothing(award):
    correct(600)
    first = api.issue_attestation(**award)
    assert reissue(award) == first
    assert first.replaces is None


def test_who_and_what_are_told_as_they_were(award, issued, host):
    declare_employer(CAMILLE, "90000000300013", name="Autre entreprise", now=AWARDED)
    host.people.clear()
    correct(600)
    successor = reissue(award)
    former, context = (Attestation.objects.get(uuid=each.uuid).context for each in (issued, successor))
    for part in ("learner", "employer", "action"):
        assert context[part] == former[part]


def test_the_holders_wish_holds_for_all_of_them(award, issued):
    api.show_name(issued.uuid, CAMILLE, public=True)
    correct(600)
    successor = reissue(award)
    assert successor.name_is_public
    api.show_name(successor.uuid, CAMILLE, public=False)
    assert not api.attestation(issued.uuid).name_is_public
