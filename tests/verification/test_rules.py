"""What a stranger reads of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openedx_utop.verification.rules import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Camille Dupont", "Camille D."),
        ("  Camille   Dupont ", "Camille D."),
        ("Marie-Claire de la Tour", "Marie-Claire T."),
        ("Élodie Écart", "Élodie É."),
        ("Dupont", "D."),
        ("", "."),
    ],
)
def test_the_first_name_and_an_initial(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(alphabet="abcdé -'", min_size=1))
def test_at_most_the_first_word_and_one_letter(name: str) -> None:
    words = name.split()
    assert len(masked(name)) <= (len(words[0]) if len(words) > 1 else 0) + 3
