"""Fictitious companies as recherche-entreprises describes them: one for each case that the product must meet.

Their numbers satisfy the checksum and belong to nobody, but that of La Poste, whose checksum is its own.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MASK = "[NON-DIFFUSIBLE]"
MASKED_OF_A_SITE = (
    "adresse", "cedex", "code_postal", "complement_adresse", "distribution_speciale", "indice_repetition",
    "libelle_cedex", "libelle_voie", "nom_commercial", "numero_voie", "type_voie", "latitude", "longitude",
    "coordonnees",
)  # fmt: skip
MASKED_OF_A_PERSON = ("nom_complet", "nom_raison_sociale", "sigle")
YEAR = "2023"


@dataclass(frozen=True)
class Site:
    """An establishment."""

    siret: str
    idccs: tuple[str, ...] | None = None
    band: str | None = "11"
    postcode: str = "35000"
    commune: str = "35238"
    city: str = "RENNES"
    street: str = "1 RUE DE L'EXEMPLE"
    is_head_office: bool = True
    is_open: bool = True


@dataclass(frozen=True)
class Company:
    """An enterprise and its establishments, the head office first; `idccs` merges those of all its sites."""

    name: str
    naf: str
    sites: tuple[Site, ...]
    naf25: str | None = None
    band: str | None = "11"
    category: str | None = "PME"
    idccs: tuple[str, ...] | None = None
    is_open: bool = True
    is_masked: bool = False
    legal_form: str = "5499"
    opco: tuple[str, str] | None = None

    @property
    def siren(self) -> str:
        """Nine digits."""
        return self.sites[0].siret[:9]


# Of these codes only that of ATLAS is known; the others are made up.
ATLAS, AKTO = ("03", "ATLAS"), ("01", "AKTO")
SANTE, OCAPIAT, TWO_I = ("10", "OPCO SANTE"), ("06", "OCAPIAT"), ("05", "OPCO2I")

HOTEL = Company("AUBERGE D'ESSAI", "55.10Z", (Site("90000000100017", ("1979",)),), opco=AKTO)
BANK = Company(
    "BANQUE D'ESSAI",
    "64.19Z",
    (
        Site("90000001900001", ("2120",), "53", "75002", "75102", "PARIS", "2 AVENUE DE L'EXEMPLE"),
        Site("90000001900019", ("2120",), "12", is_head_office=False),
    ),
    band="53",
    category="GE",
    opco=ATLAS,
)
ASSOCIATION = Company(
    "FOYER D'ESSAI", "87.30A", (Site("90000002700012", ("413",), "22"),), band="22", legal_form="9220", opco=SANTE
)
CANNERY = Company("CONSERVERIE D'ESSAI", "10.39A", (Site("90000003500015", ("7001",), "21"),), band="21", opco=OCAPIAT)
GARMENTS = Company("ATELIER D'ESSAI", "14.13Z", (Site("90000005000014"),), opco=TWO_I)
INN_WITH_BAR = Company("RELAIS D'ESSAI", "56.10A", (Site("90000006800016", ("1979", "1501")),), opco=AKTO)
TWO_TRADES = Company("VILLAGE D'ESSAI", "55.20Z", (Site("90000007600019", ("1979", "1261")),))
METALWORKS = Company("FORGE D'ESSAI", "25.50A", (Site("90000008400013", ("3248",)),), opco=TWO_I)
SOLE_TRADER = Company(
    "EXEMPLE CLAUDE", "96.02A", (Site("90000009200016", ("2596",), None),), band="NN", is_masked=True, legal_form="1000"
)
CLOSED = Company(
    "AUBERGE FERMÉE D'ESSAI", "55.10Z", (Site("90000010000017", ("1979",), None, is_open=False),), is_open=False
)
UNCOUNTED = Company("START D'ESSAI", "62.01Z", (Site("90000011800019", ("1486",), None),), band=None, category=None)
JUST_IN = Company("GRAND HÔTEL D'ESSAI", "55.10Z", (Site("90000012600012", ("1979",), "31"),), band="31", opco=AKTO)
JUST_OUT = Company(
    "PALACE D'ESSAI", "55.10Z", (Site("90000013400016", ("1979",), "32"),), band="32", category="ETI", opco=AKTO
)
SUBSIDIARY = Company("FILIALE D'ESSAI", "55.10Z", (Site("90000014200019", ("1979",), "21"),), band="21", category="ETI")
LEADING_ZERO = Company("ZÉRO D'ESSAI", "55.10Z", (Site("09000000100017", ("1979",)),), opco=AKTO)
LA_POSTE = Company(
    "LA POSTE",
    "53.10Z",
    (
        Site("35600000000048", ("5516",), "53", "75015", "75115", "PARIS", "9 RUE DE L'EXEMPLE"),
        Site("35600000009075", ("5516",), "12", is_head_office=False),
    ),
    band="53",
    category="GE",
)

COMPANIES = (
    HOTEL, BANK, ASSOCIATION, CANNERY, GARMENTS, INN_WITH_BAR, TWO_TRADES, METALWORKS, SOLE_TRADER, CLOSED, UNCOUNTED,
    JUST_IN, JUST_OUT, SUBSIDIARY, LEADING_ZERO, LA_POSTE,
)  # fmt: skip


def enterprise(company: Company) -> Json:
    """The company as `results` holds it, before any of its parts is left out."""
    head_office = company.sites[0]
    merged = company.idccs or tuple(dict.fromkeys(code for site in company.sites for code in site.idccs or ()))
    told: Json = {
        "siren": company.siren,
        "nom_complet": company.name,
        "nom_raison_sociale": company.name,
        "sigle": None,
        "nombre_etablissements": len(company.sites),
        "nombre_etablissements_ouverts": sum(site.is_open for site in company.sites),
        "siege": {**establishment(company, head_office), **_of_head_office(head_office)},
        "activite_principale": company.naf,
        "activite_principale_naf25": company.naf25,
        "categorie_entreprise": company.category,
        "caractere_employeur": None,
        "annee_categorie_entreprise": company.category and YEAR,
        "date_creation": "2015-01-05",
        "date_fermeture": None if company.is_open else "2025-06-30",
        "date_mise_a_jour": "2026-07-03T05:32:58",
        "dirigeants": [],
        "etat_administratif": "A" if company.is_open else "C",
        "nature_juridique": company.legal_form,
        "section_activite_principale": "I",
        "tranche_effectif_salarie": company.band,
        "annee_tranche_effectif_salarie": company.band and YEAR,
        "statut_diffusion": "P" if company.is_masked else "O",
        "matching_etablissements": [],
        "finances": None,
        "complements": {
            "convention_collective_renseignee": bool(merged),
            "liste_idcc": list(merged) or None,
            "est_organisme_formation": False,
            "est_qualiopi": False,
            "est_association": company.legal_form.startswith("92"),
            "est_entrepreneur_individuel": company.legal_form == "1000",
            "est_ess": company.legal_form.startswith("92"),
        },
    }
    return _masked(told, MASKED_OF_A_PERSON) if company.is_masked else told


def establishment(company: Company, site: Site) -> Json:
    """The site as `matching_etablissements` holds it."""
    told: Json = {
        "activite_principale": company.naf,
        "activite_principale_naf25": company.naf25,
        "ancien_siege": False,
        "annee_tranche_effectif_salarie": site.band and YEAR,
        "adresse": f"{site.street} {site.postcode} {site.city}",
        "caractere_employeur": "N" if site.band is None else "O",
        "code_postal": site.postcode,
        "commune": site.commune,
        "date_creation": "2015-01-05",
        "date_debut_activite": "2015-01-05",
        "date_fermeture": None if site.is_open else "2025-06-30",
        "epci": "243500139",
        "est_siege": site.is_head_office,
        "etat_administratif": "A" if site.is_open else "F",
        "latitude": "48.11",
        "libelle_commune": site.city,
        "liste_enseignes": None,
        "liste_idcc": list(site.idccs) if site.idccs else None,
        "longitude": "-1.68",
        "nom_commercial": None,
        "region": "53",
        "siret": site.siret,
        "statut_diffusion_etablissement": "P" if company.is_masked else "O",
        "tranche_effectif_salarie": site.band,
    }
    return _masked(told, MASKED_OF_A_SITE) if company.is_masked else told


def _of_head_office(site: Site) -> Json:
    return {"departement": site.postcode[:2], "cedex": None, "geo_adresse": None}


def _masked(told: Json, names: tuple[str, ...]) -> Json:
    masked = deepcopy(told)
    masked.update({name: MASK for name in names if name in masked})
    return masked
