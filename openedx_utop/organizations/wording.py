"""One sentence for each status and verdict: what the person can do next."""

from django.utils.translation import gettext as _

from openedx_utop.organizations.data import FactsStatus, Ground, Siret, Verdict


def status_sentence(status: FactsStatus) -> str:
    """What the status means for whoever gave the number."""
    return {
        FactsStatus.FOUND: _("Your company was found in the public register. Check that it is yours."),
        FactsStatus.UNKNOWN: _(
            "The public register does not know this SIRET. Check it on your payslip, or search for your company by its"
            " name; if the number is right, go on: an adviser will check it."
        ),
        FactsStatus.UNAVAILABLE: _(
            "The public register of companies does not answer at the moment. Your SIRET is recorded: go on, the facts"
            " will be looked up later."
        ),
        FactsStatus.CLOSED: _(
            "The public register says that this establishment is closed. Check your SIRET on your last payslip; if it"
            " is right, ask your adviser."
        ),
        FactsStatus.NON_DIFFUSIBLE: _(
            "This company has asked the public register not to publish its name. Enter its name yourself; its activity"
            " is known all the same."
        ),
        FactsStatus.DECLARED: _(
            "What is known of your company was declared, not found in the public register. An adviser may ask you for"
            " a proof."
        ),
        FactsStatus.OVERRIDDEN: _("An adviser has decided for your company. Ask them if your situation has changed."),
    }[status]


def warnings_about(siret: Siret) -> tuple[str, ...]:
    """What to check of a number that is taken all the same."""
    warnings = []
    if siret.restored_zero:
        warnings.append(
            _("The leading zero of this SIRET was missing, as spreadsheets do. It was put back: check %(siret)s.")
            % {"siret": siret.value}
        )
    if siret.checksum_warning:
        warnings.append(
            _("The control digits of this SIRET do not match. It is recorded all the same: check it on your payslip.")
        )
    return tuple(warnings)


def verdict_sentence(ground: Ground, *, limit: int, verdict: Verdict) -> str:
    """What the verdict means for whoever gave the number; never why a person decided so. `limit` in employees."""
    if ground is Ground.DECISION:
        return _decision_sentence(verdict)
    if ground is Ground.UNDER_LIMIT and not limit:
        return _("Companies of any size may take part.")
    return {
        Ground.UNDER_LIMIT: _("Your company has fewer than %(limit)d employees: it may take part."),
        Ground.OVER_LIMIT: _(
            "Your company has %(limit)d employees or more: this programme is for smaller ones. Ask your adviser if you"
            " think that this is wrong."
        ),
        Ground.ACROSS_LIMIT: _(
            "The register does not say on which side of %(limit)d employees your company is. Tell your adviser its"
            " headcount."
        ),
        Ground.GROUP: _(
            "Your company has fewer than %(limit)d employees but seems to belong to a group. An adviser will check it:"
            " you have nothing to do."
        ),
        Ground.HEADCOUNT_UNKNOWN: _(
            "The headcount of your company is not known. Your manager declares it, and an adviser checks it."
        ),
        Ground.CLOSED: _("The register says that your establishment is closed. Ask your adviser."),
    }[ground] % {"limit": limit}


def _decision_sentence(verdict: Verdict) -> str:
    return {
        Verdict.ELIGIBLE: _("An adviser has decided that this company may take part."),
        Verdict.REVIEW: _("An adviser is checking whether this company may take part: you have nothing to do."),
        Verdict.NOT_ELIGIBLE: _("An adviser has decided that this company may not take part. Ask them why."),
    }[verdict]
