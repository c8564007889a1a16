"""The journal as files, with the checker that reads them: what an auditor takes away."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from openedx_utop.attendance.journal import check_journal
from openedx_utop.attendance.journal.check_journal import canonical
from openedx_utop.attendance.journal.verifying import Chain, read_chains, read_seals


def export(folder: Path, keys: Iterable[str]) -> None:
    """Write the journal, the seals, the public keys and the checker into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    chains = (chain for batch in read_chains() for chain in batch)
    _write(folder / "journal.jsonl", (line for chain in chains for line in _lines(chain)))
    _write(folder / "seals.jsonl", _seal_lines())
    used = {json.loads(seal.content)["key"] for seal in read_seals()}
    _write(folder / "keys.json", [sorted(used & set(keys))])
    shutil.copyfile(check_journal.__file__, folder / "check_journal.py")


def _lines(chain: Chain) -> Iterator[dict[str, Any]]:
    about = {"chain": chain.number, "course": chain.course}
    yield about if chain.learner is None else {**about, "learner": chain.learner}
    for content, hashed in chain.kept:
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
