"""Descriptions and criteria as people see them: a part of Markdown, and never anything else's HTML."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BULLET = re.compile(r"\s{0,3}[-*+]\s+(.*)")
NUMBER = re.compile(r"\s{0,3}\d{1,3}[.)]\s+(.*)")
HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)[\s#]*")
CODE = re.compile(r"`([^`\n]+)`")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*])")
# In escaped text: an address holds no quote, no bracket and no space.
LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()<>\"']+)\)")
# What Markdown would hand on to a browser as it is.
HTML = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>|<!--")
ANY_LINK = re.compile(r"\]\(\s*([^)\s]*)")

Kind = str


def as_html(text: str) -> SafeString:
    """Paragraphs, lists, headings in bold, emphasis, code and links to web pages; all else as it is written."""
    blocks = (_block(kind, [line for _kind, line in lines]) for kind, lines in groupby(_lines(text), lambda it: it[0]))
    return mark_safe("\n".join(filter(None, blocks)))  # noqa: S308 - each part was escaped


def html_in(text: str) -> str:
    """The first HTML element of a text, which wallets that read all of Markdown would obey; empty if none."""
    found = HTML.search(text)
    return found[0] if found else ""


def strange_link(text: str) -> str:
    """The first link of a text that leads to no web page; empty if none."""
    return next((link for link in ANY_LINK.findall(text) if not re.match(r"https?://\w", link)), "")


def _lines(text: str) -> Iterator[tuple[Kind, str]]:
    paragraph = 0
    for line in text.splitlines():
        if not line.strip():
            paragraph += 1
        elif found := BULLET.fullmatch(line):
            yield "ul", found[1]
        elif found := NUMBER.fullmatch(line):
            yield "ol", found[1]
        elif found := HEADING.fullmatch(line):
            yield f"heading {(paragraph := paragraph + 1)}", found[1]
        else:
            yield f"paragraph {paragraph}", line.strip()


def _block(kind: Kind, lines: Iterable[str]) -> str:
    written = [_inline(line) for line in lines]
    if kind in {"ul", "ol"}:
        return f'<{kind} class="utop-list">{"".join(f"<li>{line}</li>" for line in written)}</{kind}>'
    inner = "<br>".join(written)
    return f"<p><strong>{inner}</strong></p>" if kind.startswith("heading") else f"<p>{inner}</p>"


def _inline(line: str) -> str:
    """Code is set apart first: nothing is emphasised in it."""
    parts = CODE.split(line)
    return "".join(f"<code>{escape(part)}</code>" if rank % 2 else _emphasised(part) for rank, part in enumerate(parts))


def _emphasised(text: str) -> str:
    """Links before emphasis, each kept away from it: an address may hold an underscore."""
    escaped = str(escape(text))
    parts = LINK.split(escaped)
    pieces = []
    for rank in range(0, len(parts), 3):
        pieces.append(_strong(parts[rank]))
        if rank + 2 < len(parts):
            pieces.append(f'<a href="{parts[rank + 2]}" rel="noopener nofollow">{_strong(parts[rank + 1])}</a>')
    return "".join(pieces)


def _strong(escaped: str) -> str:
    return EMPHASIS.sub(r"<em>\2</em>", STRONG.sub(r"<strong>\2</strong>", escaped))
