"""The doors of proofs."""

from django.urls import path

from sharing.proofs import views

patterns = [
    path("communications/<uuid:pk>/preuve.zip", views.sent_proof, name="sent_proof"),
    path("recu/<uuid:pk>/preuve.zip", views.received_proof, name="received_proof"),
    path("situations/<reference:ref>/preuves/", views.proofs, name="proofs"),
    path("situations/<reference:ref>/preuves.zip", views.proofs_file, name="proofs_file"),
]
