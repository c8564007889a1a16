"""What is missing, in words for the learner."""

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openedx_utop.templatetags.utop import duration
from openedx_utop.training.data import Condition, Missing


def sentence(missing: Missing) -> str:
    """What is left to do; one that ends with a colon is followed by the modules."""
    return SENTENCES[missing.condition](missing)


def in_words(missing: Missing) -> str:
    """The sentence with its modules."""
    titles = ", ".join(module.title for module in missing.modules)
    return f"{sentence(missing)} {titles}" if titles else sentence(missing)


def _sector(_missing: Missing) -> str:
    return _("Tell us your trade, so that your own modules open.")


def _modules(missing: Missing) -> str:
    left = len(missing.modules)
    if not left:
        return _("None of the modules it is about is on your path.")
    return ngettext("Complete %(left)s module:", "Complete %(left)s modules:", left) % {"left": left}


def _grade(missing: Missing) -> str:
    grades = {"actual": floatformat(missing.actual, -1), "required": floatformat(missing.required, -1)}
    said: str = _("Reach a grade of %(required)s %% (today %(actual)s %%).") % grades
    unknown = _("Not graded yet:")
    return f"{said} {unknown}" if missing.modules else said


def _time(missing: Missing) -> str:
    said: str = _(
        "Reach %(required)s of certified time: time on the course and live hours, within the daily limit"
        " (today %(actual)s)."
    )
    return said % {"actual": duration(missing.actual), "required": duration(missing.required)}


def _live(missing: Missing) -> str:
    required = int(missing.required)
    words = ngettext(
        "Sign {required} half-day of live sessions (today {actual}).",
        "Sign {required} half-days of live sessions (today {actual}).",
        required,
    )
    return words.format(required=required, actual=int(missing.actual))


def _sessions(missing: Missing) -> str:
    if not missing.required:
        return _("Attend every live session: none is planned yet.")
    words = _("Attend every live session to its end: {actual} of {required} today.")
    return words.format(actual=int(missing.actual), required=int(missing.required))


def _validation(_missing: Missing) -> str:
    return _("Be validated by the training team: they see that you wait once you have done the rest.")


SENTENCES = {
    Condition.SECTOR: _sector,
    Condition.MODULES: _modules,
    Condition.GRADE: _grade,
    Condition.TIME: _time,
    Condition.LIVE: _live,
    Condition.SESSIONS: _sessions,
    Condition.VALIDATION: _validation,
}
