"""What the editor of badges says to its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from openedx_utop.badges.drawing.data import Drawing
from openedx_utop.training.data import Conditions


class Unwritten(StrEnum):
    """A badge without a row yet: the whole action's, or one of a part that the author is about to add."""

    WHOLE = "whole"
    PART = "part"


# What a badge asks for as long as its author says nothing.
TO_BEGIN_WITH = Conditions()
# Which badge of a course.
Which = UUID | Unwritten


class EditingError(Exception):
    """The base of what is refused; the message is a sentence for the author."""


class NoAction(EditingError):
    """The course is no training action, so it awards nothing."""


class UnknownBadge(EditingError):
    """The course has no such badge."""


class ChangedMeanwhile(EditingError):
    """Somebody else changed the badge since the author opened the page."""


class Refused(EditingError):
    """The badge cannot be defined so. `problems`: sentences by the name of the field that they are about."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """A badge as its author wants it. `sector`: a slug, or empty. `skills`: numbers of rows.

    `sha256`: the picture's content, empty for the one that comes with the product. Where there is a drawing it is
    drawn anew. `modules`: keys of subsections, of a part of the action.
    """

    name: str
    description: str
    criteria: str
    level: str = ""
    sector: str = ""
    validity_months: int | None = None
    skills: tuple[int, ...] = ()
    sha256: str = ""
    drawing: Drawing | None = None
    modules: tuple[str, ...] = ()
    conditions: Conditions = TO_BEGIN_WITH


@dataclass(frozen=True)
class Known:
    """A badge of the course as it is.

    `holders`: how many learners were awarded it. `seen` stands for this state: it is another after any change.
    """

    which: Which
    draft: Draft
    holders: int
    seen: str
    is_whole: bool

    @property
    def uuid(self) -> UUID | None:
        """None while nobody has written it."""
        return None if isinstance(self.which, Unwritten) else self.which

    @property
    def is_new(self) -> bool:
        """Whether it would be added."""
        return self.which is Unwritten.PART


@dataclass(frozen=True)
class Subsection:
    """A module of the course that a badge can be about; `key` as text, `section`: the title of what it stands in."""

    key: str
    title: str
    section: str


@dataclass(frozen=True)
class Look:
    """A draft as it would be signed and shown: the credential of a learner whom we made up."""

    document: Mapping[str, Any]
    validity_months: int | None

    @property
    def achievement(self) -> Mapping[str, Any]:
        """The part that is about the badge."""
        achievement: Mapping[str, Any] = self.document["credentialSubject"]["achievement"]
        return achievement

    @property
    def endorsed(self) -> int:
        """How many organisations endorse what it says."""
        return sum(len(self.achievement.get(name, ())) for name in ("endorsement", "endorsementJwt"))
