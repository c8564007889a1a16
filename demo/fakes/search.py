"""What recherche-entreprises answers to a query string: its checks, its sentences, its parts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from demo.fakes.companies import Company, Json, Site, enterprise, establishment

PARTS = (
    "siege", "complements", "matching_etablissements", "dirigeants", "finances", "score", "tva"
)  # fmt: skip
NEVER_ALONE = frozenset({"page", "per_page", "limite_matching_etablissements", "minimal", "include", "sort_by_size"})
FILTERS = frozenset(
    {
        "activite_principale", "section_activite_principale", "tranche_effectif_salarie", "categorie_entreprise",
        "id_convention_collective", "code_postal", "departement", "region", "epci", "etat_administratif",
        "est_qualiopi",
    }
)  # fmt: skip
BANDS = ("NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
VALID = {
    "categorie_entreprise": ("PME", "ETI", "GE"),
    "tranche_effectif_salarie": BANDS,
    "section_activite_principale": tuple("ABCDEFGHIJKLMNOPQRSTU"),
}
MOST_RESULTS = 10_000


class Refused(Exception):
    """A 400; the message is the service's own."""


def answer(companies: Iterable[Company], asked: Mapping[str, str]) -> Json:
    """The body of a 200; raises Refused."""
    page, per_page = _paging(asked)
    _check(asked)
    terms = asked.get("q", "")
    digits = re.sub(r"\s", "", terms)
    found: list[tuple[Company, list[Site]]]
    if re.fullmatch(r"[0-9]{9}", digits):
        found = [(company, []) for company in companies if company.siren == digits]
    elif re.fullmatch(r"[0-9]{14}", digits):
        found = [
            (company, sites) for company in companies if (sites := [s for s in company.sites if s.siret == digits])
        ]
    else:
        found = [match for company in companies if (match := _match(company, terms, asked)) is not None]
    shown = found[(page - 1) * per_page : page * per_page]
    return {
        "results": [_result(company, sites, asked) for company, sites in shown],
        "total_results": min(len(found), MOST_RESULTS),
        "page": page,
        "per_page": per_page,
        "total_pages": -(-min(len(found), MOST_RESULTS) // per_page),
    }


def _paging(asked: Mapping[str, str]) -> tuple[int, int]:
    page = _whole(asked, "page", 1, 1, 1000)
    per_page = _whole(asked, "per_page", 10, 1, 25)
    _whole(asked, "limite_matching_etablissements", 10, 1, 100)
    if page * per_page > MOST_RESULTS:
        raise Refused(
            "Le nombre total de résultats est restreint à 10 000. Pour garantir cela, le produit du numéro de page (par"
            " défaut, page = 1) et du nombre de résultats par page (par défaut, per_page = 10), c'est-à-dire"
            " `page * per_page`, ne doit pas excéder 10 000."
        )
    return page, per_page


def _whole(asked: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    try:
        value = int(asked.get(name, default))
    except ValueError:
        raise Refused(f"Veuillez indiquer un paramètre `{name}` entier.") from None
    if not least <= value <= most:
        raise Refused(f"Veuillez indiquer un paramètre `{name}` entre `{least}` et `{most}`, par défaut `{default}`.")
    return value


def _check(asked: Mapping[str, str]) -> None:
    for name, valid in VALID.items():
        if any(value not in valid for value in _values(asked, name)):
            raise Refused(f"Au moins un paramètre `{name}` est non valide. Les valeurs valides : {list(valid)}.")
    if any(not re.fullmatch(r"[0-9]{5}", value) for value in _values(asked, "code_postal")):
        raise Refused("Au moins une valeur du paramètre code_postal est non valide.")
    if asked.get("etat_administratif", "A").upper() not in {"A", "C"}:
        raise Refused("Le paramètre `etat_administratif` doit prendre une des valeurs suivantes ['A', 'C'].")
    if len(asked.get("id_convention_collective", "0000")) != 4:
        raise Refused("Le paramètre `id_convention_collective` doit contenir 4 caractères.")
    if asked.get("minimal", "true").upper() not in {"TRUE", "FALSE"}:
        raise Refused("minimal doit prendre la valeur 'true' ou 'false' !")
    _check_parts(asked)
    _check_enough(asked)


def _check_parts(asked: Mapping[str, str]) -> None:
    parts = _values(asked, "include")
    if any(part.lower() not in PARTS for part in parts):
        raise Refused(f"Au moins un champ à inclure est non valide. Les champs valides : {list(PARTS)}.")
    if parts and asked.get("minimal", "").upper() != "TRUE":
        raise Refused(
            "Veuillez indiquer si vous souhaitez une réponse minimale avec le filtre `minimal=True`` avant de préciser"
            " les champs à inclure."
        )


def _check_enough(asked: Mapping[str, str]) -> None:
    searched = [name for name in asked if name in FILTERS or name == "q"]
    if not searched:
        raise Refused("Veuillez indiquer au moins un paramètre de recherche.")
    if searched == ["q"] and len(asked["q"]) < 3:
        raise Refused("3 caractères minimum pour les termes de la requête (ou utilisez au moins un filtre)")


def _values(asked: Mapping[str, str], name: str) -> list[str]:
    return [value.strip() for value in asked.get(name, "").split(",") if value.strip()]


def _match(company: Company, terms: str, asked: Mapping[str, str]) -> tuple[Company, list[Site]] | None:
    """The company and its sites that the filters name; None: neither called so nor there."""
    name = "" if company.is_masked else company.name
    if not set(_words(terms)) <= set(_words(name)) and _plain(terms) not in _plain(name):
        return None
    postcodes = _values(asked, "code_postal")
    sites = [site for site in company.sites if site.postcode in postcodes]
    agreement = asked.get("id_convention_collective")
    states = {True: "A", False: "C"}
    is_kept = (
        (not postcodes or bool(sites))
        and (agreement is None or any(agreement in _padded(site.idccs) for site in company.sites))
        and _named(asked, "categorie_entreprise", company.category)
        and _named(asked, "tranche_effectif_salarie", company.band)
        and _named(asked, "activite_principale", company.naf)
        and _named(asked, "etat_administratif", states[company.is_open])
    )
    return (company, sites) if is_kept else None


def _named(asked: Mapping[str, str], name: str, value: str | None) -> bool:
    return name not in asked or value in _values(asked, name)


def _padded(idccs: tuple[str, ...] | None) -> list[str]:
    return [code.zfill(4) for code in idccs or ()]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _plain(text))


def _result(company: Company, sites: list[Site], asked: Mapping[str, str]) -> Json:
    told = enterprise(company)
    told["matching_etablissements"] = [establishment(company, site) for site in sites]
    if asked.get("minimal", "").upper() == "TRUE":
        wanted = {part.lower() for part in _values(asked, "include")}
        for part in PARTS:
            if part not in wanted:
                told.pop(part, None)
    return told
