"""Check an export of the sealed attendance journal: `python3 check_journal.py FOLDER`. See the `--help`.

One file, for the auditor's own machine: Python 3.9 or newer, its standard library, and `cryptography`.

A *row* is a fact about one learner in one course (or about the course), written as JSON. The rows of one learner in
one course are a *chain*: the first starts from the SHA-256 of who and what the chain is about, and

    hash of a row = SHA-256(hash of the row before || the row, byte for byte)

so that nothing in a chain can be altered, removed or moved without changing every hash after it. A *seal* closes a
day: it is JSON too, it names the hash of the seal before, and the root of a Merkle tree (RFC 9162) whose leaves are
the last hashes of all chains on that day. It is signed with Ed25519. Whoever kept the hash of one seal, which is
public, can tell that nothing up to that day was ever touched (`--seals`).

A chain that the law asks for no longer is erased. What stays is its *tombstone*, a row of the course's own chain, which
was sealed before: it tells how each seal had counted the chain, so that every root can still be rebuilt.

An *extract* has some of the chains only, and a `proofs.jsonl`: for each chain its place among the leaves of the last
seal's tree, and the nodes beside its way to the root. It shows nothing of the others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import struct
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNED = b"openedx_utop journal seal\n"
NOTHING_BEFORE = "0" * 64
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
# Without looking for spaces, of which there are none.
SCAN: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
HEAD = struct.Struct(">QQ32s")  # number of the chain, number of its rows, hash of the last
LEAF = struct.Struct(">QQ32s")  # number of the chain, number of its rows, its leaf in the tree

MESSAGES = {
    "en": {
        "altered": "chain {chain}, row {row}: altered, its hash does not follow from its content and the row before",
        "missing": "chain {chain}, row {row}: missing",
        "misplaced": "chain {chain}, row {row}: out of its place, where row {expected} belongs",
        "unreadable": "chain {chain}, row {row}: not a row of this journal",
        "wrong_sum": "chain {chain}, row {row}: credits other milliseconds than its intervals hold",
        "overlap": "chain {chain}, row {row}: credits time that the chain had credited already",
        "twice": "chain {chain}, row {row}: enters a fact that the chain held already",
        "no_place": "chain {chain}, row {row}: names place {place}, which the course's chain does not hold",
        "unsealed": "chain {chain}, row {row}: belongs to seal {seal}, which is missing",
        "went_back": "chain {chain}, row {row}: belongs to an earlier seal than the row before",
        "seal_missing": "seal {seal}: missing",
        "seal_altered": "seal {seal}: altered, its content does not have its hash",
        "seal_chain": "seal {seal}: does not follow the seal before",
        "seal_forged": "seal {seal}: not signed by a known key",
        "seal_root": "seal {seal}: its root is not that of the rows: rows were removed, added or rewritten",
        "no_proof": "chain {chain}: not proven to be in the journal that seal {seal} closed",
        "columns": "chain {chain}, row {row}: its columns say otherwise than its content",
        "live_gone": "chain {chain}: {kind} {fact} is no longer among the live records",
        "live_differs": "chain {chain}: {kind} {fact} differs among the live records",
        "live_only": "{kind} {fact}, of learner {learner} in {course}: said to be in the journal, and is not",
        "no_chain": "chain {chain}, row {row}: out of reach, of a chain that is not there or by a number below one",
        "chain_twice": "chain {chain}: another one is about the same learner and course",
        "tombstone": "chain {chain}: differs from what its tombstone tells of it",
        "tombstone_unsealed": "chain {chain}: erased before a seal covered its tombstone",
        "too_early": "chain {chain}: erased before the {years} years that its tombstone tells of had passed",
        "witness": "seal {seal}: is not the one that was published on that day",
        "line": "{file}, line {line}: cannot be read",
    },
    "fr": {
        "altered": "chaîne {chain}, ligne {row} : altérée, son empreinte ne découle pas de son contenu et de la ligne"
        " précédente",
        "missing": "chaîne {chain}, ligne {row} : absente",
        "misplaced": "chaîne {chain}, ligne {row} : déplacée, à la place de la ligne {expected}",
        "unreadable": "chaîne {chain}, ligne {row} : n’est pas une ligne de ce journal",
        "wrong_sum": "chaîne {chain}, ligne {row} : crédite d’autres millisecondes que ses intervalles",
        "overlap": "chaîne {chain}, ligne {row} : crédite un temps que la chaîne avait déjà crédité",
        "twice": "chaîne {chain}, ligne {row} : inscrit un fait que la chaîne contenait déjà",
        "no_place": "chaîne {chain}, ligne {row} : cite le lieu {place}, que la chaîne du cours ne contient pas",
        "unsealed": "chaîne {chain}, ligne {row} : relève du sceau {seal}, qui est absent",
        "went_back": "chaîne {chain}, ligne {row} : relève d’un sceau antérieur à la ligne précédente",
        "seal_missing": "sceau {seal} : absent",
        "seal_altered": "sceau {seal} : altéré, son contenu n’a pas son empreinte",
        "seal_chain": "sceau {seal} : ne suit pas le sceau précédent",
        "seal_forged": "sceau {seal} : n’est pas signé par une clé connue",
        "seal_root": "sceau {seal} : sa racine ne découle pas des lignes : des lignes ont été retirées, ajoutées ou"
        " réécrites",
        "no_proof": "chaîne {chain} : rien ne prouve qu’elle est dans le journal que le sceau {seal} a clos",
        "columns": "chaîne {chain}, ligne {row} : ses colonnes disent autre chose que son contenu",
        "live_gone": "chaîne {chain} : {kind} {fact} n’est plus dans les données courantes",
        "live_differs": "chaîne {chain} : {kind} {fact} diffère dans les données courantes",
        "live_only": "{kind} {fact}, apprenant {learner}, cours {course} : réputée inscrite au journal, absente",
        "no_chain": "chaîne {chain}, ligne {row} : hors d’atteinte, d’une chaîne absente ou d’un numéro inférieur à un",
        "chain_twice": "chaîne {chain} : une autre concerne le même apprenant et le même cours",
        "tombstone": "chaîne {chain} : diffère de ce qu’en dit sa pierre tombale",
        "tombstone_unsealed": "chaîne {chain} : effacée avant qu’un sceau ne couvre sa pierre tombale",
        "too_early": "chaîne {chain} : effacée avant les {years} ans que dit sa pierre tombale",
        "witness": "sceau {seal} : n’est pas celui qui a été publié ce jour-là",
        "line": "{file}, ligne {line} : illisible",
    },
}


WORDS = {
    "en": {
        "presence": "connection time",
        "signature": "signed live hours",
        "correction": "corrections that count",
        "last": "Last seal: {day}, SHA-256 {hash}, key {key}."
        " Compare with what the platform published then, and with its /utop/did.json.",
        "extract": "An extract: {read} of the {chains} chains that the last seal closed."
        " It does not show whether others speak of the same learner.",
        "erased": "Erased when their time was over, after {years} years: {chains} chains, of {rows} rows.",
        "good": "All holds: {rows} rows, {seals} seals.",
        "bad": "Defects: {defects}, in {rows} rows and {seals} seals.",
    },
    "fr": {
        "presence": "temps de connexion",
        "signature": "heures en direct signées",
        "correction": "corrections retenues",
        "last": "Dernier sceau : {day}, SHA-256 {hash}, clé {key}."
        " À comparer avec ce que la plateforme avait publié, et avec son /utop/did.json.",
        "extract": "Un extrait : {read} des {chains} chaînes que le dernier sceau a closes."
        " Il ne montre pas si d’autres concernent le même apprenant.",
        "erased": "Effacées à leur terme, après {years} ans : {chains} chaînes, de {rows} lignes.",
        "good": "Tout concorde : {rows} lignes, {seals} sceaux.",
        "bad": "Défauts : {defects}, dans {rows} lignes et {seals} sceaux.",
    },
}


class Defect(NamedTuple):
    """What is wrong: a key of MESSAGES, and where."""

    code: str
    where: dict[str, Any]

    def text(self, language: str) -> str:
        """One line for people."""
        return MESSAGES[language][self.code].format(**self.where)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, in UTF-8: the one way to write a row or a seal."""
    return ENCODER.encode(value).encode()


def beginning(course: str, learner: int | None) -> bytes:
    """What the first row of a chain follows."""
    about: dict[str, Any] = {"course": course} if learner is None else {"course": course, "learner": learner}
    return hashlib.sha256(canonical(about)).digest()


def follow(before: bytes, content: bytes) -> bytes:
    """The hash of a row."""
    return hashlib.sha256(before + content).digest()


def leaf(chain: int, rows: int, head: bytes) -> bytes:
    """The leaf of a chain in the tree."""
    return hashlib.sha256(b"\0" + HEAD.pack(chain, rows, head)).digest()


def joined(level: list[bytes]) -> list[bytes]:
    """The nodes over a level of the tree; a last one that is alone stays as it is."""
    sha256 = hashlib.sha256
    alone = level[-1:] if len(level) % 2 else []
    return [*[sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2])], *alone]


def merkle_root(leaves: list[bytes]) -> bytes:
    """The root over all leaves at once."""
    level = leaves
    while len(level) > 1:
        level = joined(level)
    return level[0] if level else hashlib.sha256(b"").digest()


def climb(found: bytes, place: int, size: int, path: list[bytes]) -> bytes:
    """The root over a leaf at this place among so many, by the nodes beside its way; ValueError if they do not fit."""
    if not 0 <= place < size:
        raise ValueError(place)
    beside = list(path)
    while size > 1:
        if place % 2 or place + 1 < size:
            other = beside.pop(0) if beside else b""
            found = joined([other, found] if place % 2 else [found, other])[0]
        place, size = place // 2, (size + 1) // 2
    if beside:
        raise ValueError(path)
    return found


class Tree:
    """A Merkle tree whose leaves are added at its end or replaced; what did not change is not hashed again."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]

    def put(self, leaves: dict[int, bytes]) -> bytes:
        """Set these leaves, by place, and return the root."""
        level, changed = self.levels[0], sorted(leaves)
        for place in changed:
            level[place : place + 1] = [leaves[place]]
        height = 0
        while len(self.levels[height]) > 1:
            height += 1
            if height == len(self.levels):
                self.levels.append([])
            changed = list(dict.fromkeys([place // 2 for place in changed]))
            self._join(height, changed)
        return self.levels[height][0] if self.levels[height] else hashlib.sha256(b"").digest()

    def _join(self, height: int, changed: list[int]) -> None:
        below, level = self.levels[height - 1], self.levels[height]
        if 2 * len(changed) > len(level):
            level[:] = joined(below)
            return
        for place in changed:
            level[place : place + 1] = joined(below[2 * place : 2 * place + 2])


class Forest:
    """The tree over all chains, by number: in that order they began, though not in that order they have rows."""

    def __init__(self) -> None:
        self._tree = Tree()
        self._places: dict[int, int] = {}
        self._last = 0

    def put(self, leaves: dict[int, bytes]) -> bytes:
        """Set the leaves of these chains, and return the root."""
        is_in_order = True
        for chain in leaves:
            if chain not in self._places:
                is_in_order = is_in_order and chain > self._last
                self._last = max(chain, self._last)
                self._places[chain] = len(self._places)
        if not is_in_order:
            leaves = {**dict(zip(self._places, self._tree.levels[0])), **leaves}
            self._places = {chain: place for place, chain in enumerate(sorted(self._places))}
            self._tree = Tree()
        return self._tree.put({self._places[chain]: changed for chain, changed in leaves.items()})


def public_key(multikey: str) -> Ed25519PublicKey:
    """The key in its text `z6Mk…`, as `/utop/did.json` publishes it; ValueError if it is none."""
    number = 0
    for digit in multikey[1:]:
        number = number * 58 + BASE58.index(digit)
    data = number.to_bytes(34, "big") if number < 1 << 272 else b""
    if multikey[:1] != "z" or data[:2] != b"\xed\x01":
        raise ValueError(multikey)
    return Ed25519PublicKey.from_public_bytes(data[2:])


class Seal(NamedTuple):
    """A seal as it is kept: the bytes that were signed, their SHA-256, the signature."""

    content: bytes
    hash: bytes
    signature: bytes


Row = dict[str, Any]
Place = tuple[str, str]  # subsection, unit
Said = tuple[Place, int, int, str, str]  # place, start, end, tab, source
Listed = tuple[int, int, int, int, str, str]  # number, place in the course's chain, start, end, tab, source
Kept = tuple[bytes, bytes]  # a row, byte for byte, and its hash


class Proof(NamedTuple):
    """Where the leaf of a chain is in the tree of the last seal, and the nodes beside its way to the root."""

    place: int
    path: list[bytes]


class Tombstone(NamedTuple):
    """What stays of a chain: the seal that covers this, when (ms since 1970) and after how many years it was to go.

    `counted`: each seal that found the chain longer, how many rows it had then, and its leaf in the tree.
    """

    seal: int
    at: int
    years: int
    counted: list[tuple[int, int, bytes]]


class Found(NamedTuple):
    """What a checker of some of the chains found, to be added to another's: see there."""

    rows: int
    milliseconds: Counter[tuple[str, int | None, str, str]]
    leaves: dict[int, bytearray]
    tombstones: dict[int, Tombstone]


class Checker:
    """Reads chain after chain, a course's own before those of its learners, then the seals; tells every defect.

    `milliseconds`: rebuilt from the rows, by course, learner, kind of fact and subsection. Of the last chain: `read`,
    its rows; `presences`, what they say of each, by number. `places`: by course and number. `tombstones`: by chain.
    """

    def __init__(self, last_seal: int, places: dict[str, dict[int, Place]] | None = None) -> None:
        self.last_seal = last_seal
        # What no seal covers yet is no part of an extract.
        self.unsealed = 1
        self.rows = self.chains = 0
        self.milliseconds: Counter[tuple[str, int | None, str, str]] = Counter()
        self.read: list[Row] = []
        self.presences: dict[int, Said] = {}
        self.places: defaultdict[str, dict[int, Place]] = defaultdict(dict, places or {})
        self.tombstones: dict[int, Tombstone] = {}
        self._others: list[Row] = []
        # By seal, those that changed with it.
        self._leaves: dict[int, bytearray] = {}

    def found(self) -> Found:
        """What the chains that were read hold."""
        return Found(self.rows, self.milliseconds, self._leaves, self.tombstones)

    def add(self, found: Found) -> None:
        """Take over what was found in chains that come after those read so far."""
        self.rows += found.rows
        self.milliseconds.update(found.milliseconds)
        self.tombstones.update(found.tombstones)
        for seal, leaves in found.leaves.items():
            self._leaves.setdefault(seal, bytearray()).extend(leaves)

    def chain(self, number: int, course: str, learner: int | None, kept: list[Kept]) -> Iterator[Defect]:
        """Check the rows of one chain, given in their order."""
        rows = self.read = [_row(content, place) for place, (content, _hash) in enumerate(kept)]
        self.rows += len(rows)
        self.chains += 1
        yield from _check_hashes(number, beginning(course, learner), kept, rows)
        yield from _check_order(number, rows)
        yield from self._check_facts(number, course, learner, rows)
        try:
            self._add_others(course, learner)
        except (KeyError, TypeError, ValueError):
            yield Defect("unreadable", {"chain": number, "row": "?"})
        yield from self._take_leaves(number, kept, rows)

    def _check_facts(self, number: int, course: str, learner: int | None, rows: list[Row]) -> Iterator[Defect]:
        self.presences, self._others = {}, []
        told: set[tuple[str, int]] = set()
        lengths: dict[str, int] = {}
        spans: list[tuple[int, int, int]] = []
        for row in rows:
            try:
                if row["kind"] == "presence":
                    self._take_presences(self.places[course], row, lengths, spans)
                else:
                    self._take_other(course, learner, row, told)
            except Refused as refused:
                yield Defect(refused.code, {"chain": number, "row": row["n"], "place": refused.place})
            except (KeyError, TypeError, ValueError):
                yield Defect("unreadable", {"chain": number, "row": row["n"]})
        for module, length in lengths.items():
            self.milliseconds[course, learner, "presence", module] += length
        spans.sort()
        reached = spans[0][0] if spans else 0
        for start, end, later in spans:
            if start < reached:
                yield Defect("overlap", {"chain": number, "row": later})
            reached = end

    def _take_presences(
        self, places: dict[int, Place], row: Row, lengths: dict[str, int], spans: list[tuple[int, int, int]]
    ) -> None:
        number, presences, total = row["n"], self.presences, 0
        there = listed(row)
        several = len(presences) + len(there)
        for fact, place, start, end, client, source in there:
            where = places.get(place)
            if where is None:
                raise Refused("no_place", place)
            length, module = end - start, where[0]
            total += length
            lengths[module] = lengths.get(module, 0) + length
            presences[fact] = (where, start, end, client, source)
            spans.append((start, end, number))
        if len(presences) < several:
            raise Refused("twice")
        # The second version leaves out what it would only repeat.
        if row.get("credited", total) != total:
            raise Refused("wrong_sum")

    def _take_other(self, course: str, learner: int | None, row: Row, told: set[tuple[str, int]]) -> None:
        kind = row["kind"]
        if kind == "place":
            self.places[course][row["n"]] = (row["module"], row["unit"])
        elif kind == "tombstone" and learner is None:
            self.tombstones[row["fact"]] = _tombstone(row)
        else:
            self._others.append(row)
        fact = (kind, row["n"] if kind == "place" else row["fact"])
        if fact in told:
            raise Refused("twice")
        told.add(fact)

    def _add_others(self, course: str, learner: int | None) -> None:
        """Signed live hours, of each half-day by its last signature, and the corrections that count."""
        accepted = {row["correction"] for row in self._others if row["kind"] == "decision" and row["accepted"]}
        signatures = [row for row in self._others if row["kind"] == "signature"]
        standing = {row["slot"]: row for row in sorted(signatures, key=lambda row: int(row["rank"]))}
        for row in standing.values():
            length = sum(end - start for start, end in row["intervals"])
            self.milliseconds[course, learner, "signature", row["module"] or ""] += length
        for row in self._others:
            if row["kind"] == "correction" and (not row["pending"] or row["fact"] in accepted):
                self.milliseconds[course, learner, "correction", row["module"] or ""] += row["seconds"] * 1000

    def _take_leaves(self, number: int, kept: list[Kept], rows: list[Row]) -> Iterator[Defect]:
        """Remember the chain's leaf at each seal in which it grew."""
        leaves, last, seals = self._leaves, self.last_seal + self.unsealed, [row["seal"] for row in rows]
        for place, (seal, following) in enumerate(zip(seals, [*seals[1:], None]), start=1):
            if following == seal:
                continue
            if following is not None and following < seal:
                yield Defect("went_back", {"chain": number, "row": rows[place]["n"]})
            if seal > last:
                yield Defect("unsealed", {"chain": number, "row": rows[place - 1]["n"], "seal": seal})
            if seal not in leaves:
                leaves[seal] = bytearray()
            leaves[seal] += LEAF.pack(number, place, leaf(number, place, kept[place - 1][1]))

    def seals(self, seals: Iterable[Seal], keys: Iterable[str]) -> Iterator[Defect]:
        """Check the seals, given in their order, against the chains and these public keys; last of all."""
        yield from self._check_tombstones(are_counted=True)
        forest, total = Forest(), 0
        lengths: dict[int, int] = {}
        days: dict[int, str] = {}
        for first, fields, defects in _links(seals, keys):
            yield from defects
            days[fields["n"]] = fields["day"]
            leaves = {}
            for reached in range(first, min(fields["n"], self.last_seal) + 1):
                for chain, rows, changed in self._changed(reached):
                    leaves[chain] = changed
                    total += rows - lengths.get(chain, 0)
                    lengths[chain] = rows
            if forest.put(leaves).hex() != fields["root"] or total != fields["rows"]:
                yield Defect("seal_root", {"seal": fields["n"]})
        yield from self._check_terms(days)

    def _changed(self, seal: int) -> Iterable[tuple[int, int, bytes]]:
        """Number, rows and leaf of the chains that this seal found longer, in the order in which they began."""
        found = LEAF.iter_unpack(self._leaves.get(seal, b""))
        return sorted(found) if self.tombstones else found

    def _check_tombstones(self, *, are_counted: bool) -> Iterator[Defect]:
        """Compare them with the chains that are there; count the others as their tombstones tell."""
        for chain, counted in self._buried().items():
            if counted != self.tombstones.pop(chain).counted:
                yield Defect("tombstone", {"chain": chain})
        for chain, tombstone in self.tombstones.items() if are_counted else ():
            if tombstone.seal > self.last_seal:
                yield Defect("tombstone_unsealed", {"chain": chain})
            for seal, rows, changed in tombstone.counted:
                self._leaves.setdefault(seal, bytearray()).extend(LEAF.pack(chain, rows, changed))

    def _buried(self) -> dict[int, list[tuple[int, int, bytes]]]:
        """How the seals found the chains that have a tombstone and are still there."""
        found: defaultdict[int, list[tuple[int, int, bytes]]] = defaultdict(list)
        for seal in sorted(self._leaves) if self.tombstones else ():
            for chain, rows, changed in LEAF.iter_unpack(self._leaves[seal]):
                if chain in self.tombstones:
                    found[chain].append((seal, rows, changed))
        return found

    def _check_terms(self, days: dict[int, str]) -> Iterator[Defect]:
        """Whether the years that tombstones tell of had passed since the end of the year of the chains' last seals."""
        for chain, tombstone in self.tombstones.items():
            day = days.get(tombstone.counted[-1][0], "")
            # Midnight came up to fourteen hours earlier where the platform is.
            said = time.gmtime(tombstone.at // 1000 + 14 * 3600).tm_year
            if not day or said <= int(day[:4]) + tombstone.years:
                yield Defect("too_early", {"chain": chain, "years": tombstone.years})

    def extract(self, seals: Iterable[Seal], keys: Iterable[str], proofs: dict[int, Proof]) -> Iterator[Defect]:
        """The same where there are some of the chains only, each with its proof against the last seal."""
        seal: dict[str, Any] = {"n": 0, "root": "", "chains": 0}
        for _first, fields, defects in _links(seals, keys):
            yield from defects
            seal = fields
        yield from self._check_tombstones(are_counted=False)
        stood: dict[int, bytes] = {}
        for reached in sorted(self._leaves):
            stood.update({chain: last for chain, _rows, last in LEAF.iter_unpack(self._leaves[reached])})
        for chain in sorted(stood.keys() | proofs.keys()):
            try:
                proof = proofs[chain]
                root = climb(stood[chain], proof.place, seal["chains"], proof.path).hex()
            except (KeyError, TypeError, ValueError):
                root = ""
            if not root or root != seal["root"]:
                yield Defect("no_proof", {"chain": chain, "seal": seal["n"]})


def _links(seals: Iterable[Seal], keys: Iterable[str]) -> Iterator[tuple[int, dict[str, Any], list[Defect]]]:
    """Of each seal, the number that was expected, its fields, and what is wrong with it or between it and the last."""
    known = {text: public_key(text) for text in keys}
    before, expected = NOTHING_BEFORE, 1
    for seal in seals:
        fields = _seal_fields(seal.content, expected)
        number, where = fields["n"], {"seal": fields["n"]}
        defects = [Defect("seal_missing", {"seal": missing}) for missing in range(expected, number)[:9]]
        if hashlib.sha256(seal.content).digest() != seal.hash:
            defects.append(Defect("seal_altered", where))
        if number < expected or (number == expected and fields["prev"] != before):
            defects.append(Defect("seal_chain", where))
        if not _is_signed(seal, known.get(fields["key"])):
            defects.append(Defect("seal_forged", where))
        yield expected, fields, defects
        before, expected = hashlib.sha256(seal.content).hexdigest(), number + 1


class Refused(Exception):
    """A row that its hash covers, but that says what it must not; the code is a key of MESSAGES."""

    def __init__(self, code: str, place: int | None = None) -> None:
        super().__init__(code)
        self.code, self.place = code, place


def _row(content: bytes, place: int) -> Row:
    """The fields of a row; those of none at this place if it is none."""
    try:
        text = content.decode()
        row, end = SCAN(text, 0)
        is_row = end == len(text) and type(row["n"]) is int and type(row["seal"]) is int and type(row["kind"]) is str
    except (KeyError, StopIteration, TypeError, ValueError):
        is_row = False
    return row if is_row else {"n": place, "seal": 0, "kind": "", "fact": None}


def _tombstone(row: Row) -> Tombstone:
    """What a row tells of a chain that is to be erased; ValueError if it cannot be so."""
    heads = [(int(seal), int(rows), _bytes(head)) for seal, rows, head in row["heads"]]
    seals, lengths = [seal for seal, _rows, _head in heads], [rows for _seal, rows, _head in heads]
    do_grow = all(earlier < later for each in (seals, lengths) for earlier, later in zip([0, *each], each))
    if not do_grow or heads[-1][1:] != (row["rows"], _bytes(row["head"])) or seals[-1] >= row["seal"]:
        raise ValueError(row["heads"])
    counted = [(seal, rows, leaf(row["fact"], rows, head)) for seal, rows, head in heads]
    return Tombstone(row["seal"], int(row["at"]), int(row["years"]), counted)


def listed(row: Row) -> list[Listed]:
    """The presences of a row, in full.

    The first version of the journal wrote them so. In the second, number and start count on from number and end of
    the presence before (of the first one, from 0), then comes the length, not the end; tab and source are left out
    where they are those of the presence before (the first one's source, where it is `live`).
    """
    if row.get("v") != 2:
        return row["presences"]  # type: ignore[no-any-return]
    found: list[Listed] = []
    number, end, client, source = 0, 0, "", "live"
    for step, place, pause, length, *changed in row["presences"]:
        if changed:
            client, source = changed if len(changed) > 1 else (changed[0], source)
        number, start = number + step, end + pause
        end = start + length
        found.append((number, place, start, end, client, source))
    return found


def _seal_fields(content: bytes, expected: int) -> dict[str, Any]:
    """The fields of a seal; those of none with this number if it is none."""
    nothing = {"n": expected, "prev": "", "key": "", "root": "", "rows": 0, "chains": 0, "day": ""}
    try:
        fields = {**nothing, **json.loads(content)}
    except (TypeError, ValueError):
        return nothing
    return fields if type(fields["n"]) is int and type(fields["key"]) is str else nothing


def _is_signed(seal: Seal, key: Ed25519PublicKey | None) -> bool:
    try:
        if key is not None:
            key.verify(seal.signature, SIGNED + seal.content)
    except InvalidSignature:
        return False
    return key is not None


def _check_hashes(number: int, before: bytes, kept: list[Kept], rows: list[Row]) -> Iterator[Defect]:
    if _follow(before, kept):
        return
    other, previous = before, -1
    for (content, stored), row in zip(kept, rows):
        followed = follow(before, content)
        if stored == followed or (before != other and stored == follow(other, content)):
            before = other = stored
        else:
            # What follows a gap has nothing to follow from: the gap is told, not this row.
            if row["n"] == previous + 1:
                yield Defect("altered", {"chain": number, "row": row["n"]})
            # Either the content was altered or the hash; the next row tells.
            before, other = stored, followed
        previous = row["n"]


def _follow(before: bytes, kept: list[Kept]) -> bool:
    sha256 = hashlib.sha256
    for content, stored in kept:
        before = sha256(before + content).digest()
        if before != stored:
            return False
    return True


def _check_order(number: int, rows: list[Row]) -> Iterator[Defect]:
    order = [row["n"] for row in rows]
    if order == list(range(len(order))):
        return
    expected = 0
    for place in order:
        if place < expected:
            yield Defect("misplaced", {"chain": number, "row": place, "expected": expected})
        expected = max(expected, place + 1)
    there = sorted({-1, *order})
    for earlier, later in zip(there, there[1:]):
        if later - earlier > 1:
            gap = f"{earlier + 1}" if later - earlier == 2 else f"{earlier + 1}–{later - 1}"
            yield Defect("missing", {"chain": number, "row": gap})


class Unreadable(ValueError):
    """A line of the export is not as the export writes it."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(file, line)
        self.defect = Defect("line", {"file": file, "line": line})


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Each line's number and value; a line that was written in any other way than the one is not accepted."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                value = json.loads(line)
                written = canonical(value) + b"\n" == line
            except ValueError:
                written = False
            if not written:
                raise Unreadable(path.name, number)
            yield number, value


def _chains(path: Path) -> Iterator[tuple[int, str, int | None, list[Kept]]]:
    """The chains of an export, in ascending order."""
    about: tuple[int, str, int | None] | None = None
    kept: list[Kept] = []
    for line, value in _lines(path):
        try:
            if "chain" not in value:
                kept.append((value["row"].encode(), _bytes(value["hash"])))
                continue
            if about is not None:
                yield (*about, kept)
            about, kept = _about(value, after=about[0] if about else 0), []
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(path.name, line) from error
    if about is not None:
        yield (*about, kept)


def _about(value: dict[str, Any], after: int) -> tuple[int, str, int | None]:
    if not value["chain"] > after:
        raise ValueError(value["chain"])
    return value["chain"], value["course"], value.get("learner")


def _seals(path: Path) -> Iterator[Seal]:
    for line, value in _lines(path):
        try:
            yield Seal(value["seal"].encode(), _bytes(value["hash"]), _bytes(value["signature"]))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(path.name, line) from error


def _proofs(path: Path) -> dict[int, Proof] | None:
    """Those of an extract; nothing for the whole journal."""
    if not path.exists():
        return None
    found: dict[int, Proof] = {}
    for line, value in _lines(path):
        try:
            found[value["chain"]] = Proof(value["place"], [_bytes(node) for node in value["path"]])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(path.name, line) from error
    return found


def _keys(path: Path) -> list[str]:
    """The public keys: one line."""
    lines = list(_lines(path))
    try:
        ((_line, keys),) = lines
        return [key for key in keys if public_key(key)]
    except (TypeError, ValueError) as error:
        raise Unreadable(path.name, len(lines)) from error


def _bytes(text: str) -> bytes:
    """From hexadecimal, in small letters only: there is one way to write it."""
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError(text)
    return data


def check_witness(seals: Iterable[Seal], published: Iterable[dict[str, Any]]) -> Iterator[Defect]:
    """Compare with what was published, in the form of `/utop/journal/seals.json`, and kept elsewhere."""
    ours = {_seal_fields(seal.content, 0)["n"]: seal.hash.hex() for seal in seals}
    for seal in published:
        if ours.get(seal["n"]) != seal["hash"]:
            yield Defect("witness", {"seal": seal["n"]})


def check_export(folder: Path, published: Iterable[dict[str, Any]] = ()) -> tuple[Checker, list[Seal], list[Defect]]:
    """Read a whole export; the last value is empty if all of it holds."""
    checker = Checker(0)
    seals: list[Seal] = []
    defects: list[Defect] = []
    try:
        seals = list(_seals(folder / "seals.jsonl"))
        checker = Checker(max((_seal_fields(seal.content, 0)["n"] for seal in seals), default=0))
        keys, proofs = _keys(folder / "keys.json"), _proofs(folder / "proofs.jsonl")
        checker.unsealed = 1 if proofs is None else 0
        about: set[tuple[str, int | None]] = set()
        for number, course, learner, kept in _chains(folder / "journal.jsonl"):
            defects.extend(checker.chain(number, course, learner, kept))
            if (course, learner) in about:
                defects.append(Defect("chain_twice", {"chain": number}))
            about.add((course, learner))
        defects.extend(checker.seals(seals, keys) if proofs is None else checker.extract(seals, keys, proofs))
    except Unreadable as error:
        defects.append(error.defect)
    defects.extend(check_witness(seals, published))
    return checker, seals, defects


def _report(checker: Checker, seals: list[Seal], defects: list[Defect], language: str) -> Iterator[str]:
    words = WORDS[language]
    yield from (defect.text(language) for defect in defects)
    totals: Counter[tuple[str, str, str]] = Counter()
    for (course, learner, kind, _module), milliseconds in checker.milliseconds.items():
        totals[course, str(learner), words[kind]] += milliseconds
    for what, milliseconds in sorted(totals.items()):
        minutes, seconds = divmod(abs(milliseconds) // 1000, 60)
        sign = "-" if milliseconds < 0 else ""
        yield f"{'  '.join(what)}  {sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    erased: defaultdict[int, list[int]] = defaultdict(list)
    for tombstone in checker.tombstones.values():
        erased[tombstone.years].append(tombstone.counted[-1][1])
    for years, lengths in sorted(erased.items()):
        yield words["erased"].format(years=years, chains=len(lengths), rows=sum(lengths))
    if seals:
        fields = _seal_fields(seals[-1].content, 0)
        yield words["last"].format(day=fields["day"], hash=seals[-1].hash.hex(), key=fields["key"])
        if not checker.unsealed:
            yield words["extract"].format(read=checker.chains, chains=fields["chains"])
    yield words["bad" if defects else "good"].format(defects=len(defects), rows=checker.rows, seals=len(seals))


def main(arguments: list[str] | None = None) -> int:
    """Print what was found; 0 if all holds, 1 if not."""
    parser = argparse.ArgumentParser(description="Check an export of the sealed attendance journal.")
    parser.add_argument("folder", type=Path, help="the export: journal.jsonl, seals.jsonl, keys.json")
    parser.add_argument("--seals", type=Path, help="a copy of /utop/journal/seals.json, kept elsewhere since")
    default = "fr" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("fr") else "en"
    parser.add_argument("--language", choices=sorted(MESSAGES), default=default)
    options = parser.parse_args(arguments)
    published = json.loads(options.seals.read_bytes())["seals"] if options.seals else ()
    checker, seals, defects = check_export(options.folder, published)
    for line in _report(checker, seals, defects, options.language):
        print(line)
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
