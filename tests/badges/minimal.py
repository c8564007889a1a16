"""The minimal valid badge, signed with the seed 00 to 1f: a vector that others agree on."""

import json
from base64 import urlsafe_b64encode
from typing import Any

SEED = urlsafe_b64encode(bytes(range(32))).decode()
EMAIL = "camille.dupont@example.fr"
DOCUMENT_HASH = "14bc4c27ccd848e82867c31b03d91060d8822c7f6a96f4ac5f2041e4e7fb4790"
OPTIONS_HASH = "c900bda274243d1e67573687f13a91ea15cedb865225e1fea64d2c6dc35ec439"
TEXT = """{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"https://lms.example.org/badges/credentials/minimal",
"type":["VerifiableCredential","OpenBadgeCredential"],
"issuer":{"id":"did:web:lms.example.org","type":["Profile"],"name":"Campus des compétences de Normandie"},
"validFrom":"2026-11-01T09:00:00Z",
"credentialSubject":{"type":["AchievementSubject"],
 "identifier":[{"type":"IdentityObject","hashed":true,"identityHash":"sha256$16c274968adf6200278164b2264c85cacaa6ea40f24e5120a6b2cc6762f138e6","identityType":"emailAddress","salt":"b3b0c0d1a2"}],
 "achievement":{"id":"https://lms.example.org/badges/achievements/7","type":["Achievement"],"name":"Écoute active","description":"A suivi et réussi le module « Écoute active ».","criteria":{"narrative":"Terminer les **6 activités** du module et obtenir au moins 80 %."}}},
"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"2026-11-01T09:00:00Z","verificationMethod":"did:web:lms.example.org#z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd","proofPurpose":"assertionMethod","proofValue":"zouk5sYjKM2K9b5YEG6UkAi5AKrEGxZvuonokYbKehnomfCtXjjMNXUVCmV4pGUAGjiqrpxRBxcz2D5XKXHyeVwH"}]}"""  # noqa: E501
SIGNED: dict[str, Any] = json.loads(TEXT)
UNSIGNED: dict[str, Any] = {name: value for name, value in SIGNED.items() if name != "proof"}
