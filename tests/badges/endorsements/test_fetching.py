"""Where the product looks for an endorser's key, and where it never goes."""

import socket
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from demo.fakes.endorser import FakeEndorser
from openedx_utop.badges.endorsements import dids, fetching
from openedx_utop.badges.endorsements.data import KeyNotFound, KeyNotListed
from openedx_utop.signing_keys import from_multibase, key_from_seed, new_seed

DID = "did:web:opco.example.org"
KEY = key_from_seed(new_seed()).multikey


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_that_are_not_anyones(address: str) -> None:
    assert not fetching.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_internet(address: str) -> None:
    assert fetching.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0", "2130706433", "0x7f.1"])
def test_a_private_server_is_not_asked(host: str, settings: Settings) -> None:
    """However its address is written."""
    settings.UTOP_PRIVATE_ENDORSERS = []
    with FakeEndorser() as endorser:
        with pytest.raises(KeyNotFound):
            fetching.fetched(host, int(endorser.host.partition(":")[2]), "/opco/did.json")
        assert endorser.calls == []


def test_only_the_port_that_was_named_is_trusted(settings: Settings) -> None:
    with FakeEndorser() as trusted, FakeEndorser() as other:
        settings.UTOP_PRIVATE_ENDORSERS = [trusted.host]
        with pytest.raises(KeyNotFound):
            fetching.fetched("127.0.0.1", int(other.host.partition(":")[2]), "/opco/did.json")
        assert fetching.fetched("127.0.0.1", int(trusted.host.partition(":")[2]), "/opco/did.json")


STARTS = {"body": b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", "header": b"HTTP/1.1 200 OK\r\nX: "}


@pytest.fixture(params=STARTS.values(), ids=STARTS)
def dripping(settings: Settings, request: pytest.FixtureRequest) -> Iterator[int]:
    """A server that sends a byte now and then, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def drip() -> None:
        wire, _address = server.accept()
        with wire:
            wire.recv(4096)
            wire.sendall(request.param)
            while not stopped.wait(0.01):
                try:
                    wire.sendall(b" ")
                except OSError:
                    return

    port = server.getsockname()[1]
    settings.UTOP_PRIVATE_ENDORSERS = [f"127.0.0.1:{port}"]
    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield port
    stopped.set()
    thread.join()
    server.close()


def test_a_server_that_drips_is_given_up(dripping: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "ANSWER_SECONDS", 0.2)
    start = time.monotonic()
    with pytest.raises(KeyNotFound):
        fetching.fetched("127.0.0.1", dripping, "/did.json")
    assert time.monotonic() - start < fetching.CONNECT_SECONDS


@pytest.mark.parametrize(
    ("did", "expected"),
    [
        ("did:web:opco.example.org", ("opco.example.org", None, "/.well-known/did.json")),
        ("did:web:opco.example.org:a:b", ("opco.example.org", None, "/a/b/did.json")),
        ("did:web:opco.example.org%3A8443:a", ("opco.example.org", 8443, "/a/did.json")),
    ],
)
def test_a_did_web_is_an_address(did: str, expected: tuple[str, int | None, str]) -> None:
    assert dids.did_web_address(did) == expected


@pytest.mark.parametrize(
    "did",
    ["https://a.org/issuer", "did:web:", "did:web:a.org/x", "did:web:a@b.org", "did:web:a.org:..:x",
     "did:web:a.org:%2e%2e", "did:web:a.org:x?y", "did:web:a.org:x\r\nHost: b", "did:example:1", "did:web:[::1]"],
)  # fmt: skip
def test_a_did_that_is_none_of_ours(did: str) -> None:
    with pytest.raises(KeyNotFound):
        dids.did_web_address(did)


def document(**changes: object) -> dict[str, object]:
    method = {"id": f"{DID}#k1", "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY}
    return {"id": DID, "verificationMethod": [method], "assertionMethod": [f"{DID}#k1"], **changes}


def test_a_key_by_its_name_in_every_form() -> None:
    assert dids.key_in_document(document(), DID, f"{DID}#k1") == KEY
    relative = {"id": "#k1", "controller": DID, "publicKeyMultibase": KEY}
    assert (
        dids.key_in_document(document(verificationMethod=[relative], assertionMethod=["#k1"]), DID, f"{DID}#k1") == KEY
    )
    assert dids.key_in_document(document(verificationMethod=[], assertionMethod=[relative]), DID, f"{DID}#k1") == KEY
    x = urlsafe_b64encode(from_multibase(KEY)[2:]).decode().rstrip("=")
    jwk = {"id": f"{DID}#k1", "controller": DID, "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": x}}
    assert dids.key_in_document(document(verificationMethod=[jwk]), DID, f"{DID}#k1") == KEY


@pytest.mark.parametrize(
    "changes",
    [{"assertionMethod": []}, {"assertionMethod": "k1"}, {"verificationMethod": None}, {"verificationMethod": [7]},
     {"verificationMethod": [{"id": f"{DID}#k1", "controller": "did:web:b.org", "publicKeyMultibase": KEY}]}],
)  # fmt: skip
def test_a_key_that_may_not_sign_for_it(changes: dict[str, object]) -> None:
    with pytest.raises(KeyNotListed):
        dids.key_in_document(document(**changes), DID, f"{DID}#k1")


@pytest.mark.parametrize("key", ["z6Mk", "", 7, KEY[:-1], "u" + KEY[1:]], ids=["short", "empty", "number", "cut", "u"])
def test_a_key_that_is_none(key: object) -> None:
    method = {"id": f"{DID}#k1", "controller": DID, "publicKeyMultibase": key}
    with pytest.raises(KeyNotFound):
        dids.key_in_document(document(verificationMethod=[method]), DID, f"{DID}#k1")
