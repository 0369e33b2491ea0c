"""The doors of the demonstration, which `config.urls` opens in the demonstration only."""

from django.urls import URLPattern, path

from config import demo_accounts, demo_mail, demo_visit

patterns: list[URLPattern] = [
    path("demo/courrier/", demo_mail.letters, name="demo_mail"),
    path("demo/entrer/", demo_accounts.enter, name="demo_enter"),
    path("demo/visite/", demo_visit.visit, name="demo_visit"),
]
