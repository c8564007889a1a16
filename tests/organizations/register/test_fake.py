"""The stand-in says what the register says, word for word."""

import json
import threading
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest

from demo.fakes.register import KEY, TOKEN, Register

INCLUDE_WITHOUT_MINIMAL = (
    "Veuillez indiquer si vous souhaitez une réponse minimale avec le filtre `minimal=True`` avant de préciser les"
    " champs à inclure."
)


def asked(register: Register, *parameters: tuple[str, str]) -> tuple[int, dict[str, Any]]:
    return fetched(f"{register.url}/search?{urlencode(parameters)}")


def fetched(url: str, *, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[int, Any]:
    request = urllib.request.Request(url, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
            return answer.status, json.loads(body) if answer.headers["Content-Type"] == "application/json" else body
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ([], "Veuillez indiquer au moins un paramètre de recherche."),
        ([("per_page", "5")], "Veuillez indiquer au moins un paramètre de recherche."),
        ([("q", "ab")], "3 caractères minimum pour les termes de la requête (ou utilisez au moins un filtre)"),
        ([("q", "")], "3 caractères minimum pour les termes de la requête (ou utilisez au moins un filtre)"),
        ([("q", "auberge"), ("page", "un")], "Veuillez indiquer un paramètre `page` entier."),
        (
            [("q", "auberge"), ("per_page", "26")],
            "Veuillez indiquer un paramètre `per_page` entre `1` et `25`, par défaut `10`.",
        ),
        (
            [("id_convention_collective", "29")],
            "Le paramètre `id_convention_collective` doit contenir 4 caractères.",
        ),
        (
            [("q", "auberge"), ("include", "siege")],
            INCLUDE_WITHOUT_MINIMAL,
        ),
    ],
)
def test_what_is_refused_is_refused_in_its_words(
    register: Register, parameters: list[tuple[str, str]], sentence: str
) -> None:
    assert asked(register, *parameters) == (400, {"erreur": sentence})


def test_an_unknown_part_or_value_is_answered_with_the_list(register: Register) -> None:
    status, body = asked(register, ("q", "auberge"), ("minimal", "true"), ("include", "siege,secret"))
    assert status == 400
    assert body["erreur"].startswith("Au moins un champ à inclure est non valide. Les champs valides :")
    status, body = asked(register, ("categorie_entreprise", "TPE"))
    assert status == 400
    assert "'PME', 'ETI', 'GE'" in body["erreur"]


def test_an_unknown_number_is_an_empty_success(register: Register) -> None:
    status, body = asked(register, ("q", "90000099900018"))
    assert (status, body["results"], body["total_results"]) == (200, [], 0)


def test_a_siret_holds_its_site_and_a_siren_none(register: Register) -> None:
    _status, body = asked(register, ("q", "900 000 019 00019"), ("code_postal", "99999"))
    (company,) = body["results"]
    assert [site["siret"] for site in company["matching_etablissements"]] == ["90000001900019"]
    assert company["siege"]["siret"] == "90000001900001"
    _status, body = asked(register, ("q", "900000019"))
    assert body["results"][0]["matching_etablissements"] == []


def test_a_minimal_answer_holds_what_is_asked_for(register: Register) -> None:
    _status, body = asked(register, ("q", "900000019"), ("minimal", "true"))
    assert not {"siege", "complements", "matching_etablissements"} & set(body["results"][0])
    _status, body = asked(register, ("q", "900000019"), ("minimal", "true"), ("include", "complements"))
    assert body["results"][0]["complements"]["liste_idcc"] == ["2120"]


def test_names_are_found_whatever_their_accents_and_masked_ones_never(register: Register) -> None:
    _status, body = asked(register, ("q", "grand hotel"), ("code_postal", "35000"))
    (company,) = body["results"]
    assert company["matching_etablissements"][0]["siret"] == "90000012600012"
    assert asked(register, ("q", "claude exemple"))[1]["results"] == []
    _status, body = asked(register, ("q", "90000009200016"))
    assert body["results"][0]["nom_complet"] == "[NON-DIFFUSIBLE]"
    assert body["results"][0]["siege"]["adresse"] == "[NON-DIFFUSIBLE]"


def test_pages_follow_each_other(register: Register) -> None:
    pages = [asked(register, ("q", "essai"), ("per_page", "5"), ("page", str(page)))[1] for page in (1, 2, 3)]
    sirens = [company["siren"] for page in pages for company in page["results"]]
    assert len(sirens) == len(set(sirens)) == pages[0]["total_results"] == 14
    assert pages[0]["total_pages"] == 3


def test_the_eighth_question_of_a_second_has_to_wait() -> None:
    with Register() as register:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(asked(register, ("q", "essai"))[0])) for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses.count(200) >= 7
    assert set(statuses) <= {200, 429}


def test_too_many_says_when_to_come_back(register: Register) -> None:
    register.bucket.rate = 0.001
    try:
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(f"{register.url}/search?q=essai", timeout=30)
        assert (refusal.value.code, refusal.value.headers["Retry-After"]) == (429, "1")
        refusal.value.close()
    finally:
        register.bucket.rate = None


def test_the_fund_is_told_to_who_has_the_key(register: Register) -> None:
    address = f"{register.url}/siro/v1/public/90000001900019"
    assert fetched(address)[0] == 401
    status, body = fetched(address, headers={"X-Gravitee-Api-Key": KEY})
    assert (status, body["code"], body["opcoRattachement"]["nom"], body["idcc"]) == (200, "01", "ATLAS", "2120")
    unknown = fetched(f"{register.url}/siro/v1/public/90000099900018", headers={"X-Gravitee-Api-Key": KEY})
    assert unknown == (200, {"code": "99", "siret": "90000099900018"})


def test_a_partner_signs_in_first(register: Register) -> None:
    address = f"{register.url}/siropartfc/v1/api/partenaire/90000001900019"
    assert fetched(address)[0] == 401
    assert fetched(f"{register.url}/siropartfc-auth/login", method="POST") == (200, TOKEN.encode())
    assert fetched(address, headers={"Authorization": f"Bearer {TOKEN}"})[1]["code"] == "01"
