"""The eleven sector funds (OPCO), each under the names that people and services give it."""

import unicodedata

# Slug → what France compétences and the funds themselves write, less accents, case and what is no letter or digit.
NAMES = {
    "afdas": ("afdas",),
    "akto": ("akto",),
    "atlas": ("atlas", "opcoatlas"),
    "constructys": ("constructys",),
    "ep": ("opcoep", "ep", "opcodesentreprisesdeproximite"),
    "mobilites": ("opcomobilites", "mobilites"),
    "2i": ("opco2i", "2i"),
    "ocapiat": ("ocapiat",),
    "opcommerce": ("lopcommerce", "opcommerce"),
    "sante": ("opcosante", "sante"),
    "uniformation": ("uniformation", "uniformationcohesionsociale"),
}
SLUGS = {alias: slug for slug, aliases in NAMES.items() for alias in aliases}


def normalise_opco(text: str) -> str:
    """The slug of the fund, such as akto, 2i, sante, ep; empty if no fund is called so (N/C is not one)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return SLUGS.get("".join(character for character in decomposed if character.isalnum()), "")
