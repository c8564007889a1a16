"""Texts as people type them when they search."""

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def plain_letters(text: str) -> str:
    """Without capitals, accents and ligatures."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
