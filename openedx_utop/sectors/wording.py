"""One sentence for each status: what the learner does next."""

from django.utils.translation import gettext as _

from openedx_utop.sectors.data import ProposalStatus


def nothing_to_choose() -> str:
    """For a course without tracks."""
    return _("This course is the same for every trade: there is nothing to choose.")


def without_company(*, has_said_so: bool) -> str:
    """For who works for nobody, or has not said for whom."""
    if has_said_so:
        return _("Choose the trade you want to work in: an adviser will confirm it.")
    return _("Enter the SIRET of your company, or choose your trade in the list.")


def sentence(status: ProposalStatus, *, has_sector: bool) -> str:
    """What the proposal says to who works for a company."""
    return _with_sector(status) if has_sector else _without_sector(status)


def set_by_adviser(reason: str) -> str:
    """For who was given a trade by the team."""
    if reason:
        return _("An adviser has set this trade for you: %(reason)s") % {"reason": reason}
    return _("An adviser has set this trade for you. Ask them if it is not yours.")


def _with_sector(status: ProposalStatus) -> str:
    return {
        ProposalStatus.NON_DIFFUSIBLE: _(
            "The register masks the name of your company, but its activity leads to this trade. Confirm it, or choose"
            " another one."
        ),
        ProposalStatus.DECLARED: _(
            "What was declared of your company leads to this trade. Confirm it, or choose another one; an adviser may"
            " check."
        ),
    }.get(status, _("Your company leads to this trade. Confirm it, or choose another one."))


def _without_sector(status: ProposalStatus) -> str:
    return {
        ProposalStatus.AMBIGUOUS: _("Your company may belong to several trades. Choose yours."),
        ProposalStatus.UNAVAILABLE: _(
            "The register of companies does not answer for now. Choose your trade in the list, or come back later."
        ),
        ProposalStatus.CLOSED: _(
            "The register says that this company is closed. Check your SIRET; if it is right, ask your adviser."
        ),
    }.get(
        status,
        _("Your company is recorded, but does not tell your trade. Choose it in the list: an adviser will confirm it."),
    )
