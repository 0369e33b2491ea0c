"""The examples of the description: those of docs/api.md, on the demonstration's people."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

ITEM = "5d0f6a3e-3c6b-4a55-9f0a-2f9a4f5c7d10"
LANTIER = "8a5c1d2e-93a4-4f53-8f0e-0d0f2f8a9c11"
DRAFT_ID = "0b8f2c64-19f1-4a7e-a2f4-6f9d0f6f3b52"
DISCLOSURE_ID = "c7f9a2d4-4f0b-4f77-8f5d-1d2f3a4b5c6d"
FINGERPRINT = "IjlmODZkMDgxODg0YzdkNjU5YTJmZWFhMGM1NWFkMDE1Ig:1x2y3z:abcdefghijklmnop"


def _heard(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def _told(name: str, value: Any, *codes: str) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=list(codes) or ["200"])


DECISION: dict[str, Any] = {
    "verdict": "allow",
    "say": "Vous pouvez le communiquer : la personne est d’accord.",
    "basis": "accord_partage",
    "reasons": [],
    "articles": [],
    "findings": [],
    "items": [{"ref": ITEM, "category": "consigne_pratique", "verdict": "allow", "reasons": []}],
    "duties": [{"code": "minimise", "owed_by": "author", "due_at": None}],
    "paths": [],
    "questions": [],
    "access_until": "2027-02-20T23:00:00Z",
    "rulebook": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "decided_at": "2026-11-22T12:00:00Z",
}
PREVIEWED: dict[str, Any] = {
    "missing": [],
    "suspended": False,
    "decision": DECISION,
    "fingerprint": FINGERPRINT,
}
DRAFT = _heard(
    "Un brouillon",
    {
        "purpose": "scolarite",
        "recipient": LANTIER,
        "benefit": "Des horaires de classe compatibles avec ses soins.",
        "circumstances": [],
        "items": [{"item": ITEM, "necessity": "Sans cela, l’école ne peut pas organiser le rattrapage."}],
    },
)
PREVIEW = _told("Une vérification", PREVIEWED)
DRAFT_KEPT = _told("Gardé", {"id": DRAFT_ID, "preview": PREVIEWED}, "200", "201")
SEND = _heard("Ce qui a été vu", {"fingerprint": FINGERPRINT})
READ = _told(
    "Une lecture",
    {
        "id": DISCLOSURE_ID,
        "reference": "C-2026-000143",
        "author": {
            "id": "3b6e2f10-58a7-4f1c-9a40-2f1e6d5c4b3a",
            "name": "Camille Roussel",
            "job_title": "Assistante sociale",
            "role": "ass_secteur",
            "institution": "f4a1b2c3-d4e5-4f60-8a9b-0c1d2e3f4a5b",
            "institution_name": "Maison des solidarités de Vallières",
        },
        "purpose": "scolarite",
        "released_at": "2026-11-22T12:00:00Z",
        "access_until": "2027-02-20T23:00:00Z",
        "person": "Milo Bertin-Duval, né en 2017",
        "benefit": "Des horaires de classe compatibles avec ses soins.",
        "items": [
            {
                "id": ITEM,
                "label": "Absences du mardi après-midi",
                "category": "consigne_pratique",
                "nature": "fait_constate",
                "provenance": "family",
                "observed_on": "2026-11-17",
                "necessity": "Sans cela, l’école ne peut pas organiser le rattrapage.",
                "text": "Milo est absent le mardi après-midi jusqu’aux vacances.",
                "dissents": [],
                "corrections": [],
            }
        ],
        "duties": [],
        "closed": None,
        "corrections": [],
    },
)
ASK = _heard(
    "Une demande",
    {
        "situation": "2026-0143",
        "asked": LANTIER,
        "purpose": "scolarite",
        "categories": ["besoins_scolaires"],
        "decision_at_stake": "La commission décide le 12 de l’aide en classe.",
        "own_role": "Je suis sa référente et je prépare la demande avec ses parents.",
        "needed_on": "2026-12-12",
        "fingerprint": FINGERPRINT,
    },
)
ANSWER = _heard("Voyez avec la personne", {"kind": "ask_her"})
WORD = _heard(
    "Un accord",
    {
        "act": "agreement",
        "recipient": LANTIER,
        "purpose": "scolarite",
        "categories": ["consigne_pratique"],
        "speaker": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "form": "in_person",
        "own_words": "D’accord pour les mardis, pas plus.",
        "duration": 90,
    },
)
