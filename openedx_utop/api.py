"""The one public Python door: what other plugins, the blocks and the edges may use."""

from openedx_utop.attendance.api import (
    BeatAnswer,
    CourseTime,
    UnitLease,
    course_time,
    issue_lease,
    lease_for_unit,
    record_beat,
    renew_lease,
    total_seconds,
)
from openedx_utop.attestations.api import (
    AttestationFacts,
    CannotAttest,
    attestation,
    attestations_of,
    issue_attestation,
    pdf,
)
from openedx_utop.badges.api import (
    AwardFacts,
    CredentialFacts,
    HolderGone,
    ReasonMissing,
    Revocation,
    SigningKeyInvalid,
    SigningKeyMissing,
    UnknownAward,
    all_awards,
    award,
    award_all,
    award_if_fulfilled,
    awards_of,
    credential,
    credential_png,
    credentials_of,
    evaluation,
    issue_credential,
    issuer_document,
    reissue,
    revoke,
)
from openedx_utop.badges.platforms.api import deliver as deliver_badge
from openedx_utop.badges.platforms.api import due as deliveries_due
from openedx_utop.enrolment.api import BadList, SeatSettled, UnknownSeat, apply_list, seats_of
from openedx_utop.enrolment.api import Desk as EnrolmentDesk
from openedx_utop.enrolment.api import Verdict as EnrolmentVerdict
from openedx_utop.enrolment.api import applied as applied_list
from openedx_utop.enrolment.api import desk as enrolment_desk
from openedx_utop.enrolment.api import dry_run as check_list
from openedx_utop.enrolment.api import refusal as enrolment_refusal
from openedx_utop.enrolment.api import seats as enrolment_seats
from openedx_utop.enrolment.api import send as send_invitations
from openedx_utop.enrolment.api import unsent as unsent_invitations
from openedx_utop.enrolment.api import withdraw as withdraw_seat
from openedx_utop.organizations.api import EmployerFacts, declare_employer, employer_of
from openedx_utop.outcomes import Outcome, outcome
from openedx_utop.sectors.api import (
    Proposal,
    SectorFacts,
    choose_sector,
    has_track,
    learner_sector,
    offered_sectors,
    proposal,
    sector_lineages,
    sector_looked_as,
    sectors,
    set_track,
)
from openedx_utop.steering.api import attention_counts, rebuild_progress, remember_progress
from openedx_utop.training.api import Action, Evaluation, action_for, actions, estimated_seconds, learner_modules
from openedx_utop.verification.api import Verification, verify

__all__ = [
    "Action",
    "AttestationFacts",
    "AwardFacts",
    "BadList",
    "BeatAnswer",
    "CannotAttest",
    "CourseTime",
    "CredentialFacts",
    "EmployerFacts",
    "EnrolmentDesk",
    "EnrolmentVerdict",
    "Evaluation",
    "HolderGone",
    "Outcome",
    "Proposal",
    "ReasonMissing",
    "Revocation",
    "SeatSettled",
    "SectorFacts",
    "SigningKeyInvalid",
    "SigningKeyMissing",
    "UnitLease",
    "UnknownAward",
    "UnknownSeat",
    "Verification",
    "action_for",
    "actions",
    "all_awards",
    "applied_list",
    "apply_list",
    "attention_counts",
    "attestation",
    "attestations_of",
    "award",
    "award_all",
    "award_if_fulfilled",
    "awards_of",
    "check_list",
    "choose_sector",
    "course_time",
    "credential",
    "credential_png",
    "credentials_of",
    "declare_employer",
    "deliver_badge",
    "deliveries_due",
    "employer_of",
    "enrolment_desk",
    "enrolment_refusal",
    "enrolment_seats",
    "estimated_seconds",
    "evaluation",
    "has_track",
    "issue_attestation",
    "issue_credential",
    "issue_lease",
    "issuer_document",
    "learner_modules",
    "learner_sector",
    "lease_for_unit",
    "offered_sectors",
    "outcome",
    "pdf",
    "proposal",
    "rebuild_progress",
    "record_beat",
    "reissue",
    "remember_progress",
    "renew_lease",
    "revoke",
    "seats_of",
    "sector_lineages",
    "sector_looked_as",
    "sectors",
    "send_invitations",
    "set_track",
    "total_seconds",
    "unsent_invitations",
    "verify",
    "withdraw_seat",
]
