"""The doors of acts for programs: the same addresses as the pages, under `/api/v1/` (ADR 0040)."""

from django.urls import path

from sharing.api import consents, directory, drafts, proofs, received, requests, sent, situations

CASE = "situations/<reference:ref>"
DRAFT = f"{CASE}/brouillons/<uuid:pk>"

patterns = [
    path("vocabulaire", directory.Words.as_view(), name="vocabulary"),
    path("annuaire/institutions", directory.Institutions.as_view(), name="institutions"),
    path("annuaire/institutions/<uuid:pk>", directory.OneInstitution.as_view(), name="institution"),
    path("annuaire/professionnels", directory.People.as_view(), name="professionals"),
    path("annuaire/professionnels/<uuid:pk>", directory.OneProfessional.as_view(), name="professional"),
    path("annuaire/conventions", directory.Agreements.as_view(), name="agreements"),
    path("annuaire/conventions/<uuid:pk>", directory.OneAgreement.as_view(), name="agreement"),
    path("situations", situations.Situations.as_view(), name="situations"),
    path(CASE, situations.Situation.as_view(), name="situation"),
    path(f"{CASE}/elements", situations.Items.as_view(), name="items"),
    path(f"{CASE}/elements/<uuid:pk>", situations.OneItem.as_view(), name="item"),
    path(f"{CASE}/brouillons", drafts.Drafts.as_view(), name="drafts"),
    path(DRAFT, drafts.OneDraft.as_view(), name="draft"),
    path(f"{DRAFT}/verdict", drafts.DraftPreview.as_view(), name="draft_preview"),
    path(f"{DRAFT}/envoi", drafts.Sending.as_view(), name="draft_send"),
    path(f"{DRAFT}/avis", drafts.OpinionOnDraft.as_view(), name="draft_ask_opinion"),
    path(f"{CASE}/qui-decide", consents.WhoDecides.as_view(), name="who_decides"),
    path(f"{CASE}/accords", consents.Words.as_view(), name="words"),
    path(f"{CASE}/accords/texte", consents.TextToRead.as_view(), name="text_to_read"),
    path(f"{CASE}/accords/retrait", consents.WithdrawingAll.as_view(), name="withdraw_all"),
    path(f"{CASE}/accords/<uuid:pk>/retrait", consents.Withdrawing.as_view(), name="withdraw"),
    path(f"{CASE}/preuves.zip", proofs.CaseProofs.as_view(), name="situation_proofs"),
    path("communications", sent.Sent.as_view(), name="sent"),
    path("communications/<uuid:pk>", sent.SentOne.as_view(), name="sent_one"),
    path("communications/<uuid:pk>/rappel", sent.Recalling.as_view(), name="recall"),
    path("communications/<uuid:pk>/preuve.zip", proofs.SentProof.as_view(), name="sent_proof"),
    path("recu", received.Inbox.as_view(), name="received"),
    path("recu/<uuid:pk>", received.Received.as_view(), name="received_one"),
    path("recu/<uuid:pk>/lecture", received.Opening.as_view(), name="open"),
    path("recu/<uuid:pk>/accuse", received.Acknowledging.as_view(), name="acknowledge"),
    path("recu/<uuid:pk>/retour", received.SendingBack.as_view(), name="send_back"),
    path("recu/<uuid:pk>/question", received.Asking.as_view(), name="ask_precision"),
    path("recu/<uuid:pk>/reponse", received.Answering.as_view(), name="answer_received"),
    path("recu/<uuid:pk>/preuve.zip", proofs.ReceivedProof.as_view(), name="received_proof"),
    path("demandes", requests.Requests.as_view(), name="requests"),
    path("demandes/verdict", requests.RequestVerdict.as_view(), name="ask_preview"),
    path("demandes/<uuid:pk>", requests.OneRequest.as_view(), name="request"),
    path("demandes/<uuid:pk>/lecture", requests.RequestOpening.as_view(), name="request_open"),
    path("demandes/<uuid:pk>/reponse", requests.RequestAnswer.as_view(), name="request_answer"),
    path("demandes/<uuid:pk>/brouillon", requests.RequestDraft.as_view(), name="request_draft"),
    path("demandes/<uuid:pk>/retrait", requests.RequestWithdrawal.as_view(), name="request_withdraw"),
    path("demandes/<uuid:pk>/vue", requests.RequestSeen.as_view(), name="request_seen"),
]
