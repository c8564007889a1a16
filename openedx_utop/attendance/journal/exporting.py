"""The journal as files, with the checker that reads them: what an auditor takes away."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from openedx_utop.attendance.journal import check_journal
from openedx_utop.attendance.journal.chains import pen
from openedx_utop.attendance.journal.check_journal import Kept, canonical, leaf
from openedx_utop.attendance.journal.models import JournalRow
from openedx_utop.attendance.journal.rules import Head, paths, seal_of
from openedx_utop.attendance.journal.standing import Standing
from openedx_utop.attendance.journal.verifying import Chain, last_seal, read_chains, read_seals


def export(folder: Path, keys: Iterable[str]) -> None:
    """Write the journal, the seals, the public keys and the checker into a folder."""
    _write_common(folder, keys)
    # Of an extract that was there before.
    (folder / "proofs.jsonl").unlink(missing_ok=True)
    chains = (chain for batch in read_chains() for chain in batch)
    _write(folder / "journal.jsonl", (line for chain in chains for line in _lines(chain, chain.kept)))


def export_extract(folder: Path, keys: Iterable[str], **conditions: Any) -> None:
    """The same of the chains that fulfil these conditions, up to the last seal, each with its proof."""
    _write_common(folder, keys)
    last = last_seal()
    heads = heads_at(last)
    place_of = {number: place for place, (number, _head) in enumerate(heads)}
    chains = [chain for batch in read_chains(**conditions) for chain in batch if chain.number in place_of]
    lines = (line for chain in chains for line in _lines(chain, chain.kept[: heads[place_of[chain.number]][1].rows]))
    _write(folder / "journal.jsonl", lines)
    leaves = [leaf(number, rows, head) for number, (rows, head) in heads]
    places = [place_of[chain.number] for chain in chains]
    proofs = zip(chains, places, paths(leaves, places), strict=True)
    _write(
        folder / "proofs.jsonl",
        ({"chain": c.number, "place": place, "path": [node.hex() for node in path]} for c, place, path in proofs),
    )


def heads_at(seal: int) -> list[tuple[int, Head]]:
    """Where each chain stood at this seal, the last one, in the order in which they began."""
    standing = Standing()
    with pen(standing):
        heads = dict(standing.heads())
        rows = JournalRow.objects.order_by("-pk").values_list("chain_id", "position", "content")
        for chain, position, content in rows.iterator():
            if seal_of(bytes(content)) <= seal:
                break
            heads[chain] = Head(position, b"")
        for chain, head in heads.items():
            if not head.hash and head.rows:
                before = JournalRow.objects.values_list("hash", flat=True).get(chain=chain, position=head.rows - 1)
                heads[chain] = Head(head.rows, bytes(before))
    return [(chain, head) for chain, head in heads.items() if head.rows]


def _write_common(folder: Path, keys: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "seals.jsonl", _seal_lines())
    used = {json.loads(seal.content)["key"] for seal in read_seals()}
    _write(folder / "keys.json", [sorted(used & set(keys))])
    shutil.copyfile(check_journal.__file__, folder / "check_journal.py")


def _lines(chain: Chain, kept: Iterable[Kept]) -> Iterator[dict[str, Any]]:
    about = {"chain": chain.number, "course": chain.course}
    yield about if chain.learner is None else {**about, "learner": chain.learner}
    for content, hashed in kept:
        # Bytes that are no text any more can only be an alteration; it stays one.
        yield {"row": content.decode(errors="replace"), "hash": hashed.hex()}


def _seal_lines() -> Iterator[dict[str, Any]]:
    for seal in read_seals():
        content = seal.content.decode(errors="replace")
        yield {"seal": content, "hash": seal.hash.hex(), "signature": seal.signature.hex()}


def _write(path: Path, values: Iterable[Any]) -> None:
    with path.open("wb") as file:
        for value in values:
            file.write(canonical(value) + b"\n")
