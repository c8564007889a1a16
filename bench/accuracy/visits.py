"""What a visit is: what a learner does in each tab, when they are really there, and what a server's log shows of it."""

from dataclasses import dataclass, field

# A moment (milliseconds from the start), what happens, and with what.
Action = tuple[int, str, float]


@dataclass(frozen=True)
class Span:
    """`[start, end)`, in milliseconds from the start."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Milliseconds."""
        return self.end - self.start


@dataclass
class Tab:
    """A browser tab: what happens in it, in order. Tabs of one device sleep together.

    Actions: `open` a unit (with the silence admitted there, in ms) in place of the one before, `close`, `hide`,
    `show`, `input`, `scroll`, `play` (at a rate), `stop`, `float` and `dock` (picture in picture), `sleep` and `wake`,
    `attend` and `ignore` (whether the learner looks at it).
    """

    actions: list[Action] = field(default_factory=list)


@dataclass
class Visit:
    """One learner, from the first page to the last trace of them."""

    tabs: list[Tab] = field(default_factory=list)
    present: list[Span] = field(default_factory=list)
    log: list[int] = field(default_factory=list)
    opened: list[Span] = field(default_factory=list)

    @property
    def truth(self) -> int:
        """Milliseconds in which the learner was there, each once."""
        return sum(span.length for span in union(self.present))


def union(spans: list[Span]) -> list[Span]:
    """The same moments, as spans that neither touch nor overlap."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
