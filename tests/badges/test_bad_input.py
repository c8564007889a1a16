"""Whatever people write or upload: a clear refusal, or a badge that strangers can read, verify and open safely."""

import io
import json
import struct
import zlib
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import etree
from PIL import Image
from pyld import jsonld
from pytest_django import Settings

from openedx_utop.badges import api, proofs
from openedx_utop.badges.models import Achievement, Credential, Skill
from openedx_utop.badges.pictures import check_picture
from openedx_utop.compat import Person
from openedx_utop.organizations.models import Provider
from openedx_utop.signing_keys import from_multibase
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.revocations import issue
from tests.badges.test_editor import drawn
from tests.badges.tokens import KEY
from tests.host import InMemoryPlatform

pytestmark = pytest.mark.usefixtures("key")

TEXTS = {
    "control characters": "Bien\x0b réussir\x00\x1b[31m\x7f\ufffe",
    "right-to-left marks": "Badge \u202egnp.exe\u2066 \u200f",
    "end of CDATA": "]]> ]]&gt; <![CDATA[ -->",
    "accents, composed and not": "E\u0301coute é Œuvre",
    "300 characters": "é" * 300,
    "emoji": "🎓 👩‍🏫 \U0001f1eb\U0001f1f7",
    "Markdown and HTML": "**gras** <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
    "what looks like a template": "{0} {{ x }} {% y %} %s \\u0041 \\",
    "what looks like an address": "https://lms.example.org/utop/ _:c14n0",
    "quotes and new lines": "\"'«»\r\n\t` $",
    "blank": " ",
}


@pytest.fixture
def achievement(finished: InMemoryPlatform, settings: Settings) -> Achievement:
    settings.UTOP_JWT_SIGNING_KEY = KEY
    action = TrainingAction.objects.get()
    return Achievement.objects.create(action=action, name="Transition", description="Suivie.", criteria="Tout.")


def by_a_stranger(document: dict[str, Any]) -> None:
    """The library's own canonical text, and the key that the proof names; raises InvalidSignature."""
    (proof,) = document["proof"]
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {"@context": document["@context"], **proof}
    signature = from_multibase(options.pop("proofValue"))
    loader = {"documentLoader": proofs._bundled_context, "algorithm": "URDNA2015", "format": "application/n-quads"}
    hashes = [sha256(jsonld.normalize(each, loader).encode()).digest() for each in (options, unsigned)]
    key = from_multibase(proof["verificationMethod"].partition("#")[2])[2:]
    Ed25519PublicKey.from_public_bytes(key).verify(signature, b"".join(hashes))


def every_form_is_sound(client: Client, credential: api.CredentialFacts) -> dict[str, Any]:
    """The badge as JSON, verified, and the same in the token, the picture, the drawing and on the page."""
    said: dict[str, Any] = client.get(f"/utop/credentials/{credential.uuid}.json").json()
    by_a_stranger(said)
    assert api.proof_holds(credential.document)
    with Image.open(io.BytesIO(client.get(f"/utop/credentials/{credential.uuid}.png").content)) as picture:
        picture.load()
        assert json.loads(picture.text["openbadgecredential"]) == said  # type: ignore[attr-defined]
        json.loads(picture.text["openbadges"])  # type: ignore[attr-defined]
    drawing = etree.fromstring(client.get(f"/utop/credentials/{credential.uuid}.svg").content)
    assert json.loads(drawing[0].text) == said
    assert not drawing.xpath("//*[local-name()='script' or @onload or @onerror]")
    claims = json.loads(urlsafe_b64decode(credential.token.split(".")[1] + "=="))
    assert claims["credentialSubject"] == said["credentialSubject"]
    assert client.get(f"/utop/assertions/{credential.uuid}.json").status_code == 200
    page = client.get(f"/utop/verify/{credential.uuid}/")
    assert page.status_code == 200
    for markup in ("<script>alert", "<img src=x", 'href="javascript:'):
        assert markup not in page.content.decode()
    return said


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_of_a_badge_and_names_of_learners(
    client: Client, achievement: Achievement, finished: InMemoryPlatform, text: str
) -> None:
    """As a row may hold them, whoever wrote it: an import, another version, the database's own tools."""
    finished.people[CAMILLE] = Person(CAMILLE, "user7", text, "camille@example.org", "fr")
    column = text[:255]  # No more fits in.
    Achievement.objects.update(name=column, description=text, criteria=f"{text}\n")
    Provider.objects.update(name=column)
    credential = issue()
    api.show_name(credential.uuid, CAMILLE, public=True)
    every_form_is_sound(client, credential)
    assert 0 < len(Credential.objects.get().holder_name) <= 255
    page = client.get(f"/utop/achievements/{achievement.uuid}", HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://campus.example.org/é à", "https://campus.example.org/%C3%A9%20%C3%A0"),
        ("https://campus.example.org/%C3%A9", "https://campus.example.org/%C3%A9"),
        ("https://campus.example.org/?q=<b>|{}", "https://campus.example.org/?q=%3Cb%3E%7C%7B%7D"),
    ],
)
def test_addresses_with_accents(client: Client, achievement: Achievement, url: str, signed: str) -> None:
    Provider.objects.update(url=url)
    achievement.skills.add(Skill.objects.create(framework="ROME", code="1", name="Écouter", url=url))
    said = every_form_is_sound(client, issue())
    assert said["issuer"]["url"] == signed
    assert said["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"] == signed


def test_an_account_without_an_address(
    achievement: Achievement, finished: InMemoryPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    finished.people[CAMILLE] = Person(CAMILLE, "user7", "Camille", "", "fr")
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    with pytest.raises(api.HolderGone, match="7"):
        api.issue_credential(award.uuid, now=NOW)
    with pytest.raises(CommandError):
        call_command("utop_reconcile")
    assert "7" in capsys.readouterr().err.rpartition("issue_credential")[2]
    assert not Credential.objects.exists()


def test_a_name_of_300_characters_is_refused_where_it_is_typed(client: Client, achievement: Achievement) -> None:
    client.force_login(get_user_model().objects.create_superuser("operator", password="x"))
    form = {"action": achievement.action_id, "name": "é" * 300, "description": "Suivie.", "criteria": "Tout."}
    answer = client.post(f"/admin/openedx_utop/achievement/{achievement.pk}/change/", form)
    assert "errorlist" in answer.content.decode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *others: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(others) + body + chunk(b"IEND", b"")


HUGE = zlib.compress(b"\0" * 40_000_000, 9)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PICTURES = {
    "an SVG with a script": SCRIPT,
    "an SVG under a picture's name": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "a page": b"<html><script>alert(1)</script></html>",
    "a bomb of pixels": png(60_000, 60_000),
    "a bomb of text": png(256, 256, chunk(b"zTXt", b"Comment\0\0" + HUGE)),
    "a bomb of colours": png(256, 256, chunk(b"iCCP", b"profile\0\0" + HUGE)),
    "something behind the picture": drawn() + SCRIPT,
    "a damaged chunk": drawn()[:40] + b"\0\0" + drawn()[42:],
    "a JPEG": drawn(kind="JPEG"),
    "a WebP": drawn(kind="WEBP"),
    "nothing": b"",
}


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_pictures_that_are_none(data: bytes) -> None:
    with pytest.raises(api.MalformedImage) as refusal:
        check_picture(data)
    assert str(refusal.value)
