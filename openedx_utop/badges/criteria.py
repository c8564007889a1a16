"""What it takes to earn a badge, in sentences, and what is wrong with what an author asks for."""

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openedx_utop.badges import evidence
from openedx_utop.training.data import Action, Conditions


def criteria(action: Action, conditions: Conditions, modules: Sequence[str]) -> str:
    """What it takes to earn the badge, as a Markdown list in the active language; `modules`: the titles of a part's."""
    sentences = [_("Follow the training “{title}”.").format(title=action.title), *told(conditions, modules)]
    return "\n".join(f"- {sentence}" for sentence in sentences)


def told(conditions: Conditions, modules: Sequence[str]) -> tuple[str, ...]:
    """Each condition in a sentence, in the active language; `modules`: the titles of a part's, none for all of them."""
    return tuple(_told(conditions, modules))


def _told(conditions: Conditions, modules: Sequence[str]) -> Iterator[str]:
    is_part = bool(modules)
    if conditions.requires_completion and is_part:
        listed = " ; ".join(modules)
        yield _("Complete those of these modules that are on one's own path: {modules}.").format(modules=listed)
    elif conditions.requires_completion:
        yield _("Complete every module of one's own path.")
    if conditions.required_grade:
        over = is_part and not conditions.grade_of_action
        words = _("Obtain, over these modules, a grade of at least {grade} %.") if over else ""
        yield (words or _("Obtain a grade of at least {grade} %.")).format(
            grade=evidence.decimal(conditions.required_grade)
        )
    if conditions.required_seconds:
        over = is_part and not conditions.minutes_of_action
        words = _("Spend at least {time} on these modules, in certified time.") if over else ""
        words = words or _("Spend at least {time} on the training, in certified time.")
        yield words.format(time=evidence.duration(conditions.required_seconds))
    yield from _told_of_people(conditions)


def _told_of_people(conditions: Conditions) -> Iterator[str]:
    if conditions.requires_every_session:
        yield _("Attend every live session of the training.")
    elif conditions.required_half_days:
        count = conditions.required_half_days
        words = ngettext(
            "Attend {count} half-day of live sessions.", "Attend {count} half-days of live sessions.", count
        )
        yield words.format(count=count)
    if conditions.requires_validation:
        yield _("Be validated by the training team.")


def scope_problems(modules: Collection[str], known: Collection[str], conditions: Conditions) -> dict[str, str]:
    """What is wrong with a part, in words, by the name of the field; `known`: the keys of what the course holds."""
    strangers = sorted(set(modules) - set(known))
    problems = {}
    if strangers:
        words = _("The course has no such subsection: {keys}.")
        problems["modules"] = words.format(keys=", ".join(strangers))
    if conditions.is_empty:
        problems["requires_completion"] = _("Ask for something: without a condition everybody would be awarded it.")
    return problems
