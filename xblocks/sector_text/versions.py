"""Which version of a passage is read, and what of it is searched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

UNSEEN = frozenset({"script", "style", "template"})
# What XML cannot carry, even escaped.
FORBIDDEN = {code: None for code in range(0x20) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True)
class Version:
    """A passage as one trade reads it; `slug` is empty for the default version.

    `own`: the author's HTML for this trade, empty if there is none. `read`: what is shown. `state`: which version that
    is, in words. `lineage`: the trade and those above it. `warning`: why it may not be read; empty if all is well.
    """

    slug: str
    name: str
    own: str
    read: str
    state: str
    lineage: tuple[str, ...]
    warning: str


def source_of(lineage: Iterable[str], versions: Mapping[str, str]) -> str:
    """The nearest trade that has a version, from the learner's own up to the top; empty: the default version."""
    return next((slug for slug in lineage if versions.get(slug)), "")


def cleaned(html: str) -> str:
    """The author's HTML as it can be exported and come back the same."""
    return html.replace("\r\n", "\n").replace("\r", "\n").translate(FORBIDDEN).strip()


def searchable(html: str) -> str:
    """The words of the HTML, with those of its pictures."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join(" ".join(reader.words).split())


class _Words(HTMLParser):
    """Collects what is read aloud; it takes whatever an author wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts and styles are left out, pictures are described."""
        self._unseen += tag in UNSEEN
        self.words += [value for name, value in attrs if name == "alt" and value]

    def handle_endtag(self, tag: str) -> None:
        """After a script, words again."""
        self._unseen -= tag in UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unseen:
            self.words.append(data)
