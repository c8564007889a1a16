"""The credential inside the drawing, read back by an XML parser."""

import json
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from openedx_utop.badges import api
from openedx_utop.badges.baking import baked_svg
from openedx_utop.badges.data import MalformedImage
from openedx_utop.badges.rules import cleaned
from openedx_utop.training.models import TrainingAction
from tests.badges.factories import CAMILLE, COURSE, NOW
from tests.badges.test_pages import NEVER_ISSUED
from tests.host import InMemoryPlatform

DRAWING = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="4">\n<circle r="2"/></svg>'
CREDENTIAL = "{https://purl.imsglobal.org/ob/v3p0}credential"


def carried(svg: str) -> str:
    first = next(iter(ET.fromstring(svg)))  # noqa: S314 - our own
    assert first.tag == CREDENTIAL
    return first.text or ""


@settings(max_examples=50)
@given(st.text().map(cleaned))
def test_the_document_comes_back_and_the_drawing_stays(text: str) -> None:
    document = {"name": text, "other": f"]]>{text}]]>"}
    baked = baked_svg(DRAWING, json.dumps(document, ensure_ascii=False), "{}", address='https://a.org/?a=&b="')
    assert json.loads(carried(baked)) == document
    root = ET.fromstring(baked)  # noqa: S314 - our own
    assert root[1].get("verify") == 'https://a.org/?a=&b="'
    root[:2] = []
    assert ET.tostring(root[0]) == ET.tostring(ET.fromstring(DRAWING)[0])  # noqa: S314 - our own


@pytest.mark.parametrize("text", ["", "<svg", "<html></html>", "<svg/>"])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(MalformedImage):
        baked_svg(text, "{}", "{}", address="")


def test_the_signature_holds_whatever_the_title(finished: InMemoryPlatform, key: str, client: Client) -> None:
    TrainingAction.objects.update(title="Bien ]]> réussir <svg onload=x>", objectives="]]>")
    award = api.award_if_fulfilled(CAMILLE, COURSE, now=NOW)
    assert award is not None
    credential = api.issue_credential(award.uuid, now=NOW)
    response = client.get(f"/utop/credentials/{credential.uuid}.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert 'filename="badge-bien-reussir-svg-onloadx.svg"' in response["Content-Disposition"]
    text = carried(response.content.decode())
    assert json.loads(text) == json.loads(credential.document)
    assert api.proof_holds(text)


@pytest.mark.django_db
def test_what_was_never_issued(client: Client) -> None:
    assert client.get(f"/utop/credentials/{NEVER_ISSUED}.svg").status_code == 404
