"""What an author waits for at each letter: a search among as many skills as ESCO has, in a file like its own."""

from collections.abc import Iterator
from itertools import product
from time import process_time
from uuid import UUID

from django.utils import timezone

from bench.figures import Figure
from openedx_utop.badges.api import SkillFile, import_skills
from openedx_utop.badges.editing.showing import found

SKILLS = 14_000
COLUMNS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
    "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
VERBS = ("gérer", "évaluer", "installer", "négocier", "rédiger", "préparer", "surveiller", "utiliser")
OBJECTS = ("les données", "les risques", "l’accueil", "des soins", "les stocks", "un réseau", "des contrats")
PLACES = ("en hôtellerie", "dans la banque", "à l’hôpital", "en équipe", "à distance")
TYPED = ("g", "gér", "gérer", "données gérer", "hôtel", "introuvable", "0000")
ROUNDS = 5


def figures() -> Iterator[Figure]:
    """The slowest of what is typed, in time of the processor."""
    import_skills([SkillFile("skills_fr.csv", [",".join(COLUMNS), *_lines()])], now=timezone.now())
    yield Figure("skills.search_ms", max(map(_milliseconds, TYPED)), 100, less_is_better=True)


def _lines() -> Iterator[str]:
    names = list(product(VERBS, OBJECTS, PLACES))
    for number in range(SKILLS):
        name = f"{' '.join(names[number % len(names)])} {number}"
        address = f"http://data.europa.eu/esco/skill/{UUID(int=number << 64)}"
        row = ("KnowledgeSkillCompetence", address, "skill/competence", "cross-sector", name, "", "", "released")
        yield ",".join((*row, "2024-01-01", "", "", "http://data.europa.eu/esco/concept-scheme/skills", "Décrite."))


def _milliseconds(text: str) -> float:
    start = process_time()
    for _round in range(ROUNDS):
        found(text, "ESCO", ())
    return (process_time() - start) * 1000 / ROUNDS
