"""Files as their publishers give them: by their columns, whatever else stands in them."""

import pytest

from openedx_utop.badges.data import InvalidSkill
from openedx_utop.badges.framework_files import rows
from openedx_utop.badges.letters import plain_letters

ESCO = """conceptUri,skillType,preferredLabel,altLabels,status
http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab,knowledge,gérer le personnel musical,"gestion
du personnel",released
http://data.europa.eu/esco/skill/00064735,knowledge,"surveiller, contrôler",,released
"""
ROME = """"code_rome","code_fiche_em","code_ogr","libelle_rome","statut"
"M1607","1","2","Secrétariat","1"
"""
RNCP = """Id_Fiche;Numero_Fiche;Intitule;Actif
1;RNCP35521;"Analyste; cybersécurité";ACTIVE
2;RS5432;Certificat CléA;ACTIVE
3;RNCP1;Ancien titre;INACTIVE
"""


def read(text: str) -> list[tuple[str, str, str, str]]:
    return list(rows(text.split("\n")))


def test_esco_with_texts_of_several_lines() -> None:
    uuid = "0005c151-5b5a-4a66-8aac-60e734beb1ab"
    assert read(ESCO) == [
        ("ESCO", uuid, "gérer le personnel musical", f"http://data.europa.eu/esco/skill/{uuid}"),
        ("ESCO", "00064735", "surveiller, contrôler", "http://data.europa.eu/esco/skill/00064735"),
    ]


def test_rome() -> None:
    address = "https://candidat.francetravail.fr/metierscope/fiche-metier/M1607"
    assert read(ROME) == [("ROME", "M1607", "Secrétariat", address)]


def test_certifications_that_are_registered() -> None:
    found = read(RNCP)
    assert [row[:3] for row in found] == [
        ("RNCP", "RNCP35521", "Analyste; cybersécurité"), ("RS", "RS5432", "Certificat CléA")
    ]  # fmt: skip
    assert found[0][3] == "https://www.francecompetences.fr/recherche/rncp/35521/"
    assert found[1][3] == "https://www.francecompetences.fr/recherche/rs/5432/"


def test_a_line_that_is_cut_names_itself() -> None:
    with pytest.raises(InvalidSkill) as refusal:
        read(RNCP + "4;RNCP2")
    assert refusal.value.line == 5
    with pytest.raises(InvalidSkill) as refusal:
        read(ESCO + "cut")
    assert refusal.value.line == 5


def test_our_own_columns_with_and_without_a_header() -> None:
    line = "ROME;M1607;Secrétariat;https://rome.example.org/M1607"
    assert read(line) == read(f"framework;code;name;url\n\n{line}\n") == [tuple(line.split(";"))]
    assert read("") == []


def test_names_are_searched_as_people_type_them() -> None:
    assert plain_letters("Évaluer l’ŒUVRE d’un Cœur à ſa façon") == "evaluer l’oeuvre d’un coeur a sa facon"
