"""Markdown of authors: the harmless part of it, whatever is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.markup import as_html, html_in, strange_link

TAGS = re.compile(
    r'</?(p|ul( class="utop-list")?|ol( start="\d+")?( class="utop-list")?|li|strong|em|pre|blockquote|a)>'
    r'|</?code( class="language-[^"<>]*")?>|<[bh]r />'
)
ANCHOR = re.compile(r'<a href="https?://[^"<>\s]*"( title="[^"<>]*")? rel="noopener nofollow">', re.IGNORECASE)


@given(st.text(st.sampled_from("ab*_`[]()<>\"&'#-1. \n:/https"), max_size=60) | st.text())
def test_nothing_but_our_own_elements_comes_out(text: str) -> None:
    left = ANCHOR.sub("", TAGS.sub("", as_html(text)))
    assert "<" not in left
    assert ">" not in left


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Les **6 activités**, *réussir*.", "<p>Les <strong>6 activités</strong>, <em>réussir</em>.</p>"),
        ("un\ndeux\n\ntrois", "<p>un<br />\ndeux</p>\n<p>trois</p>"),
        ("- un\n- deux", '<ul class="utop-list">\n<li>un</li>\n<li>deux</li>\n</ul>'),
        ("1. un\n2. deux", '<ol class="utop-list">\n<li>un</li>\n<li>deux</li>\n</ol>'),
        ("## Titre ##\ntexte", "<p><strong>Titre</strong></p>\n<p>texte</p>"),
        ("2 * 3 * 4 et un_nom_long", "<p>2 * 3 * 4 et un_nom_long</p>"),
        ("`a*b*c`", "<p><code>a*b*c</code></p>"),
        ("[lien](https://a.org/x_y_z?a=1&b=2)",
         '<p><a href="https://a.org/x_y_z?a=1&amp;b=2" rel="noopener nofollow">lien</a></p>'),
        ("![carte](https://a.org/x.png)", "<p>carte</p>"),
        ("[x](javascript:alert(1)) <b>", "<p>[x](javascript:alert(1)) &lt;b&gt;</p>"),
    ],
)  # fmt: skip
def test_the_part_of_markdown_that_is_shown(written: str, shown: str) -> None:
    assert as_html(written) == shown


def test_what_other_readers_of_markdown_would_obey_is_found() -> None:
    assert html_in("a < b, 5 > 3") == ""
    assert html_in("oui <img src=x onerror=y> non") == "<img src=x onerror=y>"
    assert html_in("<!-- caché -->") == "<!-- caché -->"
    assert strange_link("[a](https://a.org) [b](javascript:x)") == "javascript:x"
    assert strange_link("![a](data:x)") == "data:x"
    assert strange_link("[a](https://a.org)") == ""
