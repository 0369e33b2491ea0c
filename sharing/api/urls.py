"""The doors of programs, under `/api/v1/`. Whatever is not listed answers the same 404 as what is somebody else's."""

from django.urls import path, re_path

from sharing.api import act_urls, base, me, schema

app_name = "api"

urlpatterns = [
    path("moi", me.Me.as_view(), name="me"),
    path("schema", schema.Described.as_view(), name="schema"),
    *act_urls.patterns,
    re_path(r"^.*$", base.Unknown.as_view(), name="unknown"),
]
