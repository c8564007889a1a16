"""From a company's codes to sectors, by the rules that hold on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from openedx_utop.sectors.rulebook.data import CompanyCodes, Match, Rule

IDCC = "idcc"
OPCO = "opco"
NAF = "naf"
SHORTEST_NAF = 2

# What payroll declares for « no agreement » and for one that is no longer in force: they say nothing.
SILENT_AGREEMENTS = frozenset({"9999", "0804"})


class Rulebook:
    """The rules of one day, ready to be asked for many companies."""

    def __init__(self, rules: Iterable[Rule], agreements: Iterable[Rule], *, day: date) -> None:
        self._sectors: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for rule in rules:
            if holds(rule, day):
                self._sectors[rule.kind, rule.code].add(rule.target)
        self._opcos = {rule.code: rule.target for rule in agreements if holds(rule, day)}

    def match(self, codes: CompanyCodes) -> Match:
        """The sectors by the company's agreements, else by its OPCO, else by its longest NAF prefix.

        The OPCO that is known of the company goes before those that its agreements belong to.
        """
        idccs = spoken(codes.idccs)
        missing = tuple(idcc for idcc in idccs if (IDCC, idcc) not in self._sectors and idcc not in self._opcos)
        opcos = [codes.opco] if codes.opco else [self._opcos[idcc] for idcc in idccs if idcc in self._opcos]
        for kind, asked in ((IDCC, idccs), (OPCO, opcos)):
            if found := self._of(kind, asked):
                return Match(found, kind, missing)
        for prefix in reversed(naf_prefixes(codes.naf)):
            if found := self._of(NAF, [prefix]):
                return Match(found, NAF, missing)
        return Match(frozenset(), "", missing)

    def _of(self, kind: str, codes: Iterable[str]) -> frozenset[str]:
        return frozenset(sector for code in codes for sector in self._sectors.get((kind, code), ()))


def spoken(idccs: Iterable[str]) -> tuple[str, ...]:
    """The agreements that say something, each once."""
    return tuple(dict.fromkeys(idcc for idcc in idccs if idcc and idcc not in SILENT_AGREEMENTS))


def naf_prefixes(naf: str) -> tuple[str, ...]:
    """Every beginning of the code that a rule may name: 55, 55.1, 55.10, 55.10Z."""
    return tuple(naf[:length] for length in range(SHORTEST_NAF, len(naf) + 1) if naf[length - 1] != ".")


def holds(rule: Rule, day: date) -> bool:
    """Whether the rule is valid on the day, its last one included."""
    return rule.valid_from <= day <= last_day(rule)


def overlaps(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that begins before one of those that began earlier has ended, after that one."""
    lasting: Rule | None = None
    for rule in sorted(rules, key=lambda rule: (rule.valid_from, last_day(rule))):
        if lasting is not None and rule.valid_from <= last_day(lasting):
            yield lasting, rule
        if lasting is None or last_day(lasting) < last_day(rule):
            lasting = rule


def last_day(rule: Rule) -> date:
    """The last day included; of an open rule, the end of time."""
    return rule.valid_to or date.max
