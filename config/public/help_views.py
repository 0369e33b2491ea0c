"""Help: short pages by what one wants to do, and the telephone of somebody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from config.public import helping
from partners.models import Function, Membership
from partners.opening import open_to_all


def who_protects(request: HttpRequest) -> list[Membership]:
    """The DPOs of the institution as which she acts, with a telephone; nobody for a visitor, who is led to the public list."""
    by: Membership | None = getattr(request, "membership", None)
    if by is None:
        return []
    at_hers = Membership.objects.visible_to(by).filter(
        institution=by.institution_id, functions__contains=[Function.DPO]
    )
    return list(at_hers.select_related("professional").order_by("professional__last_name", "pk"))


@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    """The topics, by what somebody is there for."""
    return render(request, "public/help.html", {"audiences": helping.audiences(), "protects": who_protects(request)})


@open_to_all
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic; 404 for one that nobody wrote."""
    one = helping.topic(slug)
    if one is None:
        raise Http404
    return render(
        request,
        f"public/help/{one.slug}.html",
        {"topic": one, "others": one.others(), "protects": who_protects(request)},
    )
