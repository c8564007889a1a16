"""Descriptions and criteria as people see them: Markdown, without pictures and without anybody's HTML."""

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

WEB = ("http://", "https://")


class _Renderer(RendererHTML):
    """A heading within a page's own headings is a strong paragraph."""

    def heading_open(self, *_args: object) -> str:
        """Instead of h1 to h6."""
        return "<p><strong>"

    def heading_close(self, *_args: object) -> str:
        """Instead of h1 to h6."""
        return "</strong></p>\n"

    def image(self, tokens: Sequence[Token], idx: int, _options: Any, _env: MutableMapping[str, Any]) -> str:
        """What the picture says: another site's picture would tell that site who reads."""
        return str(escape(tokens[idx].content))

    def renderToken(  # noqa: N802 - the library's name
        self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]
    ) -> str:
        """Lists as ours look, and no credit to the sites that authors link to."""
        token = tokens[idx]
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            token.attrSet("class", "utop-list")
        elif token.type == "link_open":
            token.attrSet("rel", "noopener nofollow")
        return super().renderToken(tokens, idx, options, env)


def _is_web(url: str) -> bool:
    """The library's own answer takes other schemes too."""
    return url.lower().startswith(WEB)


# Without HTML, the reader escapes it; a link that leads to no web page stays text.
_SHOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
_SHOWN.validateLink = _is_web  # type: ignore[method-assign]
# What others who read all of Markdown would see.
_WHOLE = MarkdownIt("commonmark", {"html": True})
_WHOLE.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005


def as_html(text: str) -> SafeString:
    """Paragraphs, lists, headings in bold, emphasis, code, links to web pages; HTML is shown as it is written."""
    # The reader escapes whatever it does not know.
    return SafeString(_SHOWN.render(text).strip())


def html_in(text: str) -> str:
    """The first HTML of a text, which wallets that read all of Markdown would obey; empty if none."""
    return next((token.content.strip() for token in _tokens(text) if token.type in {"html_inline", "html_block"}), "")


def strange_link(text: str) -> str:
    """The first address of a text, be it a picture's, that leads to no web page; empty if none."""
    addresses = (str(token.attrGet("href") or token.attrGet("src") or "") for token in _tokens(text))
    return next((address for address in addresses if address and not _is_web(address)), "")


def _tokens(text: str) -> Iterator[Token]:
    for block in _WHOLE.parse(text):
        yield from (block, *(block.children or ()))
