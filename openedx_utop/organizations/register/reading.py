"""The answers of recherche-entreprises as facts: pure functions, suspicious of every value."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from openedx_utop.organizations.data import CompanyFacts, CompanyMatch, Headcount, InvalidCode
from openedx_utop.organizations.headcount import BANDS
from openedx_utop.organizations.register.data import Json
from openedx_utop.organizations.rules import normalise_idcc, normalise_naf

MASK = "[NON-DIFFUSIBLE]"
MASKED, SITE_CLOSED, ENTERPRISE_CLOSED = "P", "F", "C"
# None at all, and one that says nothing of the trade (travelling salespeople).
NO_AGREEMENT = frozenset({"0804", "9999"})


def company_in(body: Json, siret: str, *, source: str, fetched_at: datetime) -> tuple[CompanyFacts, Json] | None:
    """The facts of this establishment, and the part of the answer that they come from; None: it is not there."""
    for company in _objects(body.get("results")):
        for site in _sites(company):
            if site.get("siret") == siret:
                facts = replace(_facts(company, site), source=source, fetched_at=fetched_at)
                return replace(facts, payload_hash=fingerprint(company)), company
    return None


def matches_in(body: Json) -> tuple[CompanyMatch, ...]:
    """The establishments found by a search: those that match, else the head office of each company."""
    found: dict[str, CompanyMatch] = {}
    for company in _objects(body.get("results")):
        for site in list(_objects(company.get("matching_etablissements"))) or list(_sites(company)):
            match = _match(company, site)
            found.setdefault(match.siret, match)
    return tuple(match for siret, match in found.items() if siret)


def fingerprint(payload: Json) -> str:
    """SHA-256 of the payload, whatever the order of its names."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _facts(company: Json, site: Json) -> CompanyFacts:
    naf, nomenclature = _activity(site)
    if not naf:
        naf, nomenclature = _activity(company)
    return CompanyFacts(
        siret=site["siret"],
        name=_name(company),
        idccs=_agreements(company, site),
        naf=naf,
        naf_nomenclature=nomenclature,
        site_headcount=_headcount(site),
        enterprise_headcount=_headcount(company),
        category=_text(company, "categorie_entreprise", 3),
        category_year=_year(company, "annee_categorie_entreprise"),
        is_site_open=site.get("etat_administratif") != SITE_CLOSED,
        is_enterprise_open=company.get("etat_administratif") != ENTERPRISE_CLOSED,
        is_diffusible=MASKED not in (company.get("statut_diffusion"), site.get("statut_diffusion_etablissement")),
        address=_text(site, "adresse", 255),
        postcode=_text(site, "code_postal", 5),
        commune=_text(site, "commune", 5),
        city=_text(site, "libelle_commune", 100),
    )


def _match(company: Json, site: Json) -> CompanyMatch:
    return CompanyMatch(
        siret=_text(site, "siret", 14),
        name=_name(company),
        address=_text(site, "adresse", 255),
        postcode=_text(site, "code_postal", 5),
        city=_text(site, "libelle_commune", 100),
        naf=_activity(site)[0] or _activity(company)[0],
        headcount=_headcount(company),
        is_head_office=site.get("est_siege") is True,
        is_open=site.get("etat_administratif") != SITE_CLOSED
        and company.get("etat_administratif") != ENTERPRISE_CLOSED,
    )


def _sites(company: Json) -> Iterator[Json]:
    yield from _objects(company.get("matching_etablissements"))
    yield from _objects([company.get("siege")])


def _agreements(company: Json, site: Json) -> tuple[str, ...]:
    """The site's own; the company's merge those of all its sites, and come last."""
    head_office = company.get("siege")
    complements = company.get("complements")
    for holder in (site, head_office, complements):
        if isinstance(holder, dict) and (codes := _codes(holder.get("liste_idcc"))):
            return codes
    return ()


def _codes(listed: Any) -> tuple[str, ...]:
    codes = (_idcc(code) for code in (listed if isinstance(listed, list) else ()))
    return tuple(dict.fromkeys(code for code in codes if code and code not in NO_AGREEMENT))


def _idcc(code: Any) -> str:
    try:
        return normalise_idcc(str(code or ""))
    except InvalidCode:
        return ""


def _activity(holder: Json) -> tuple[str, str]:
    """The code and its nomenclature: the one in force until 2027, else the new one."""
    for name, nomenclature in (("activite_principale", "NAFRev2"), ("activite_principale_naf25", "NAF2025")):
        try:
            code = normalise_naf(_text(holder, name, 8))
        except InvalidCode:
            continue
        if code:
            return code, nomenclature
    return "", ""


def _headcount(holder: Json) -> Headcount:
    band = _text(holder, "tranche_effectif_salarie", 2)
    return Headcount(band, _year(holder, "annee_tranche_effectif_salarie")) if band in BANDS else Headcount()


def _name(company: Json) -> str:
    return _text(company, "nom_complet", 255) or _text(company, "nom_raison_sociale", 255)


def _text(holder: Json, name: str, longest: int) -> str:
    value = holder.get(name)
    if not isinstance(value, str) or MASK in value:
        return ""
    return " ".join(value.split())[:longest]


def _year(holder: Json, name: str) -> int | None:
    text = str(holder.get(name) or "")
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


def _objects(listed: Any) -> Iterator[Json]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            yield each
