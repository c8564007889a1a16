"""The PDF."""

import hashlib
import io
import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from openedx_utop.attestations import api
from openedx_utop.attestations.data import AlteredContext
from openedx_utop.attestations.models import Attestation
from openedx_utop.attestations.rendering import render
from openedx_utop.fonts import REGULAR, glyphs
from tests.attestations.factories import Names, finished_path

LONG = Names(
    learner="Maximilienne-Clémentine de La Rochefoucauld-Montmorency d’Arpajon-Châteauvieux",
    provider="Centre interprofessionnel de formation continue et d’accompagnement numérique des très petites "
    "entreprises d’Auvergne-Rhône-Alpes et de Bourgogne-Franche-Comté",
    employer="Société coopérative de production à responsabilité limitée des Auberges du Pré Salé et des Marais",
    action="Réussir la transition numérique de sa très petite, petite ou moyenne entreprise, du diagnostic au plan "
    "d’action chiffré, dans les métiers de l’hôtellerie et de la restauration",
    module="Protéger les données de son entreprise, de ses clients et de ses salariés, et savoir le démontrer, partie",
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def texts(pdf: bytes) -> list[str]:
    """The text of each page, its spaces made plain."""
    return [" ".join(page.extract_text().split()) for page in read(pdf).pages]


def test_sixteen_modules_fit_two_pages(context):
    first, second = texts(render(context))
    assert "Certificat de réalisation" in first
    assert "Attestation d’assiduité" in second


def test_the_first_page_says_what_the_ministry_asks(issued):
    first, _second = texts(api.pdf(issued.uuid))
    for said in (
        "Campus Numérique d’Essai",
        "SIRET 900 000 001 00017",
        "n° 11755555575",
        "Je soussigné(e) Hélène Martin-Lefèvre, directrice générale",
        "Camille Dubœuf-N’Guyen",
        "de l’entreprise Auberge du Pré Salé, SIRET 900 000 002 00015",
        "Réussir la transition numérique de sa TPE-PME",
        "qui s’est déroulée du 4 janvier 2027 au 29 janvier 2027",
        "☑ action de formation",
        "☐ bilan de compétences",
        "Bâtir un plan d’action chiffré",
        "Durée réalisée 4 h 00 4,00 h",
        "le temps estimé pour les réaliser. Ces trois durées sont distinctes",
        "Durée estimée 4 h 00 4,00 h",
        "Temps de connexion 03:32:40 3,54 h",
        "3 ans à compter de la fin de l’année du dernier paiement",
        "Fait à Lyon, le 29 janvier 2027",
        issued.number,
        f"https://lms.example.org/utop/verify/{issued.uuid}/",
    ):
        assert said in first


def test_the_annex_says_how_time_was_spent_and_counted(issued):
    _first, second = texts(api.pdf(issued.uuid))
    for said in (
        "03:32:40",
        "Protéger ses données 16 0 h 15 00:13:25 00:13:25 19/01/2027 3 / 4",
        "Total 4 h 00 03:32:40 03:32:40 75 %",
        "du 04/01/2027 : 01:32:31",
        "règle de comptage, version 1",
        "distanciel asynchrone 4 h 00 4,00 h 4 h 00 4,00 h",
        "version 0, au plus 3 fois la durée estimée de chaque activité en ligne (au moins 0 h 20) et 10 h 00 par jour",
        "à partir du 1er janvier 2027, jusqu’au 31 décembre 2027. Ce qui dépasse reste enregistré",
        "Après 180 secondes sans activité (300 devant un exercice), le décompte s’arrête 15 secondes après",
        issued.context_sha256,
    ):
        assert said in second


def test_time_outside_the_path_has_its_row(context):
    context["attendance"]["off_path"] = {"connection": {"clock": "00:05:12"}, "certified": {"clock": "00:05:02"}}
    assert "Hors parcours (autres contenus du cours) – 00:05:12 00:05:02" in texts(render(context))[1]


def test_time_reported_after_an_outage_is_told_apart(context):
    context["attendance"]["offline"] = {"seconds": 312, "hours_minutes": "", "hundredths": "", "clock": "00:05:12"}
    assert "00:05:12 ont été rapportées après une coupure du réseau" in texts(render(context))[1]


def test_the_attached_data_have_the_printed_hash(issued):
    pdf = api.pdf(issued.uuid)
    [attached] = read(pdf).attachments["attestation.json"]
    assert hashlib.sha256(attached).hexdigest() == issued.context_sha256
    assert json.loads(attached)["number"] == issued.number


def test_the_file_is_titled_tagged_and_in_french(issued):
    reader = read(api.pdf(issued.uuid))
    assert reader.metadata is not None
    assert reader.metadata.title == f"Certificat de réalisation {issued.number} – Camille Dubœuf-N’Guyen"
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "fr-FR"
    assert catalog["/MarkInfo"]["/Marked"]
    metadata = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_only_the_bundled_fonts(issued):
    names = {
        font["/BaseFont"].partition("+")[2]
        for page in read(api.pdf(issued.uuid)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names
    assert all(name.startswith("SourceSans3") for name in names)


def test_same_bytes_from_same_context_in_every_thread(context):
    rendered: list[bytes] = []
    threads = [threading.Thread(target=lambda: rendered.append(render(context))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rendered == [render(context)] * 3


def test_forty_modules_and_long_names_repeat_the_header(db, host):
    issued = api.issue_attestation(**finished_path(host, LONG, modules=40))
    first, *annex = texts(api.pdf(issued.uuid))
    assert LONG.learner.split()[-1] in first
    assert "Fait à Lyon" in first
    table = [page for page in annex if "Protéger les données" in page]
    assert len(table) >= 2
    assert all("Module Durée estimée Connexion Certifié Achevé le Résultat" in page for page in table)
    assert sum(page.count(LONG.module) for page in annex) == 40


def test_without_employer_sector_representative_or_presence(context):
    context["employer"] = context["action"]["sector"] = None
    context["action"]["objectives"] = context["provider"]["address"] = []
    context["provider"] |= {"representative": "", "representative_title": "", "activity_number": "", "town": ""}
    context["attendance"] = {
        "connections": 0,
        "first": None,
        "last": None,
        "weeks": [],
        "offline": None,
        "off_path": None,
        "no_module": None,
    }
    context["grade"] = ""
    first, second = texts(render(context))
    assert "Je soussigné" not in first
    assert "de l’entreprise" not in first
    assert "Fait le 29 janvier 2027" in first
    assert "Par semaine" not in second


@pytest.mark.parametrize("name", ['#panic("x")', "$x$ *gras* _it_ @ref <label>", "\\ ] } // /* */", "-- ~ 'a' \"b\""])
def test_a_name_is_text_and_never_markup(context, name):
    context["learner"]["name"] = name
    assert name in texts(render(context))[0]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_name_can_be_drawn(context, name):
    assert render(context | {"learner": {"name": name}}).startswith(b"%PDF-")


def test_what_the_font_lacks_is_replaced_and_kept_in_the_attached_data(context):
    context["learner"]["name"] = "Đặng Ωμέγα Иванова 李"
    pdf = render(context)
    assert "Đặng Ωμέγα Иванова □" in texts(pdf)[0]
    assert json.loads(read(pdf).attachments["attestation.json"][0])["learner"]["name"].endswith("李")


def test_decomposed_accents_are_composed():
    assert glyphs.shown("He\u0301le\u0300ne\u2066\tX", REGULAR) == "Hélène X"


def test_an_altered_context_is_not_rendered(issued):
    record = Attestation.objects.get(uuid=issued.uuid)
    record.context["learner"]["name"] = "Quelqu’un d’autre"
    assert api.is_intact(issued.uuid)
    record.save()
    assert not api.is_intact(issued.uuid)
    with pytest.raises(AlteredContext):
        api.pdf(issued.uuid)
