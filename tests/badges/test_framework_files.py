"""Files as their publishers give them: by their columns, whatever else stands in them."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from openedx_utop.badges.data import InvalidSkill
from openedx_utop.badges.editing.picker import Framework, frameworks
from openedx_utop.badges.framework_files import rows
from openedx_utop.badges.letters import plain_letters
from openedx_utop.badges.models import Skill, SkillImport

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


def test_the_skills_and_the_knowledge_of_rome() -> None:
    skills = '"code_ogr","libelle_competence","cat_comp"\n"100000","Animer une équipe","x"\n'
    knowledge = '"code_ogr_savoir","libelle_savoir"\n"121288","Bureautique"\n'
    ((_framework, code, name, address),) = read(skills)
    assert (code, name) == ("100000", "Animer une équipe")
    assert address.endswith("/#competence-100000")
    assert read(knowledge)[0][1:3] == ("121288", "Bureautique")


def test_blocks_of_competences_are_shortened_and_those_without_a_name_left_out() -> None:
    blocks = "Numero_Fiche;Bloc_Competences_Code;Bloc_Competences_Libelle\n"
    blocks += f'RNCP38596;RNCP38596BC01;"Conduire un dossier\n{"très " * 200}long"\nRNCP38596;RNCP38596BC02;\n'
    ((framework, code, name, address),) = read(blocks)
    assert (framework, code) == ("RNCP", "RNCP38596BC01")
    assert name.startswith("Conduire un dossier très")
    assert len(name) <= 500
    assert name.endswith("…")
    assert address == "https://www.francecompetences.fr/recherche/rncp/38596/"


def test_what_esco_has_given_up_is_left_out() -> None:
    header = (
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
        "scopeNote,definition,inScheme,description\n"
    )
    line = "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/{0},knowledge,sector,{0},,,{1},,,,,\n"
    text = header + line.format("a", "released") + line.format("b", "obsolete")
    assert [row[1] for row in read(text)] == ["a"]


def published(folder: Path) -> Path:
    """An archive as France compétences gives it, with files beside those that we read."""
    archive = folder / "export-fiches-csv-2026-11-20.zip"
    with ZipFile(archive, "w") as written:
        written.writestr("export_fiches_CSV_Standard_2026_11_19.csv", "\ufeff" + RNCP)
        blocks = "Numero_Fiche;Bloc_Competences_Code;Bloc_Competences_Libelle\nRNCP35521;RNCP35521BC01;Auditer\n"
        written.writestr("export_fiches_CSV_Blocs_De_Compétences_2026_11_19.csv", blocks)
        written.writestr("export_fiches_CSV_Nsf_2026_11_19.csv", "Numero_Fiche;Nsf_Code\nRNCP1;326\n")
    return archive


@pytest.mark.django_db
def test_an_archive_is_looked_at_then_imported_and_its_source_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = str(published(tmp_path))
    call_command("utop_import_skills", archive, "--dry-run")
    assert not Skill.objects.exists()
    assert not SkillImport.objects.exists()
    call_command("utop_import_skills", archive)
    assert set(Skill.objects.values_list("code", flat=True)) == {"RNCP35521", "RS5432", "RNCP35521BC01"}
    noted = {(each.framework, each.source.partition("/")[0], each.skills) for each in SkillImport.objects.all()}
    assert noted == {(framework, "export-fiches-csv-2026-11-20.zip", 1) for framework in ("RNCP", "RS")}
    assert SkillImport.objects.count() == 3
    looked, written = capsys.readouterr().out.splitlines()
    assert [line.count("3") for line in (looked, written)] == [1, 1]


@pytest.mark.django_db
def test_what_a_newer_file_no_longer_names_stays_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "skills_fr.csv"
    for text in (ESCO, ESCO.rpartition("http")[0]):
        file.write_text(text, "utf-8")
        call_command("utop_import_skills", str(file))
    assert Skill.objects.count() == 2
    assert [("(1 " in line) for line in capsys.readouterr().out.splitlines()] == [False, True]
    assert frameworks() == (Framework("ESCO", "skills_fr.csv", SkillImport.objects.latest("pk").imported_at),)


@pytest.mark.django_db
def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "other.zip"
    with ZipFile(archive, "w") as written:
        written.writestr("read.csv", "a;b\n1;2\n")
    with pytest.raises(CommandError):
        call_command("utop_import_skills", str(archive))


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
