"""What the editor of badges says to its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openedx_utop.badges.drawing.data import Drawing


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
    drawn anew.
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


@dataclass(frozen=True)
class Known:
    """A badge of the course as it is. `uuid`: None while nobody has written the one of the whole action.

    `holders`: how many learners were awarded it. `seen` stands for this state: it is another after any change.
    """

    uuid: UUID | None
    draft: Draft
    holders: int
    seen: str


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
