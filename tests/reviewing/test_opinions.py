"""Asking and giving an opinion: what it opens, what it never does, and that its author stays free."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from partners import clock
from partners.models import AgreementParty
from sharing import service
from sharing.graphs import REVIEW, REVIEWER
from sharing.models import DecisionRecord, Draft, DraftItem, Opinion, Outbox, Review
from sharing.reviewing import opinions, submission
from sharing.reviewing.standing import standing_of
from tests import personas, posts
from tests.personas import Territory
from tests.reviewing import ways
from tests.reviewing.ways import Kind, answer, awaiting, left, release, submitted
from tests.sharing.ways import draft_of, seen


def test_submitting_writes_the_decision_the_review_their_entries_and_a_letter(territory: Territory) -> None:
    review = submitted(territory)
    assert review.record.verdict == "review"
    assert Entry.objects.get(pk=review.entry_id).action == "review.requested"
    assert Entry.objects.get(pk=review.record.entry_id).action == "disclosure.awaiting_opinion"
    letter = Outbox.objects.get(kind=Outbox.Kind.REVIEW_REQUESTED)
    assert letter.recipient == territory.nadia
    assert standing_of(review).state == "waiting"
    assert left() == 0


def test_a_double_click_asks_once(territory: Territory) -> None:
    draft = awaiting(territory)
    first, second = submitted(territory, draft), submitted(territory, draft)
    assert first == second
    assert Review.objects.count() == 1
    assert DecisionRecord.objects.count() == 1
    assert Outbox.objects.count() == 1


def test_what_changed_since_it_was_seen_is_not_asked(territory: Territory) -> None:
    draft = awaiting(territory)
    given = submission.submit(draft_id=draft.pk, previewed="autre chose", asked="", by=territory.camille)
    assert given.review is None
    assert given.decision is not None
    assert not Review.objects.exists()


def test_what_needs_no_opinion_is_not_asked(territory: Territory) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    given = submission.submit(
        draft_id=draft.pk, previewed=seen(draft, territory.camille), asked="", by=territory.camille
    )
    assert given.review is None


def test_where_nobody_gives_opinions_nothing_is_asked(territory: Territory) -> None:
    personas.end_post(territory.nadia)
    draft = awaiting(territory)
    with pytest.raises(submission.NobodyToAsk):
        submitted(territory, draft)
    assert not DecisionRecord.objects.exists()


def test_after_a_favourable_opinion_its_author_releases(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.FAVOURABLE, territory.nadia)
    assert left() == 0, "an opinion lets nothing leave"
    assert standing_of(review).turn == "author"
    shared = release(draft, territory.camille)
    assert shared.outcome is service.Outcome.RELEASED
    review.refresh_from_db()
    assert standing_of(Review.objects.get(pk=review.pk)).state == "released"


def test_before_any_opinion_nothing_leaves(territory: Territory) -> None:
    draft = awaiting(territory)
    submitted(territory, draft)
    assert release(draft, territory.camille).outcome is service.Outcome.AWAITING
    assert left() == 0


def test_an_unfavourable_opinion_holds_even_what_the_law_would_let_pass(territory: Territory) -> None:
    draft = awaiting(territory)
    answer(submitted(territory, draft), Kind.UNFAVOURABLE, territory.nadia)
    personas.parents_agree(
        territory,
        recipient=territory.sofia,
        purpose="pe_evaluer",
        categories=("consigne_pratique", "besoins_scolaires"),
    )
    shared = release(draft, territory.camille)
    assert shared.decision is not None
    assert shared.decision.verdict == "allow"
    assert shared.outcome is service.Outcome.AWAITING
    assert left() == 0


def test_what_no_longer_needs_an_opinion_leaves_without_waiting(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    personas.parents_agree(
        territory,
        recipient=territory.sofia,
        purpose="pe_evaluer",
        categories=("consigne_pratique", "besoins_scolaires"),
    )
    assert release(draft, territory.camille).outcome is service.Outcome.RELEASED
    assert standing_of(Review.objects.get(pk=review.pk)).state == "released"


def test_what_is_suspended_is_taken_up_again(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.SUSPEND, territory.nadia)
    assert standing_of(review).turn == "reviewer"
    assert release(draft, territory.camille).outcome is service.Outcome.AWAITING
    answer(review, Kind.FAVOURABLE, territory.nadia, seen=1)
    assert release(draft, territory.camille).outcome is service.Outcome.RELEASED


def test_less_is_asked_again_as_another_content(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.REDUCE, territory.nadia, leave_out=[territory.absences.pk])
    assert submission.leave_out_as_advised(draft_id=draft.pk, by=territory.camille)
    assert [row.item.label for row in DraftItem.objects.filter(draft=draft)] == ["Devoirs"]
    assert standing_of(Review.objects.get(pk=review.pk)).state == "edited"
    again = submitted(territory, Draft.objects.get(pk=draft.pk))
    assert again != review
    assert not submission.leave_out_as_advised(draft_id=draft.pk, by=territory.camille)


def test_leaving_everything_out_is_no_reduction(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    every = list(DraftItem.objects.filter(draft=draft).values_list("item", flat=True))
    for wrong in ([], every):
        with pytest.raises(opinions.OpinionError):
            answer(review, Kind.REDUCE, territory.nadia, leave_out=wrong)


@pytest.mark.parametrize("kind", [Kind.REDUCE, Kind.SUSPEND, Kind.UNFAVOURABLE, Kind.TRANSFER])
def test_any_opinion_but_a_favourable_one_says_why(territory: Territory, kind: str) -> None:
    review = submitted(territory)
    with pytest.raises(opinions.OpinionError):
        answer(review, kind, territory.nadia, reason="  ")
    assert not Opinion.objects.exists()


def test_a_conflict_of_interest_hands_it_on_and_closes_it_to_her(territory: Territory) -> None:
    other = ways.another_reviewer(territory)
    review = submitted(territory)
    answer(review, Kind.TRANSFER, territory.nadia, to=other)
    with pytest.raises(opinions.NotHers):
        answer(review, Kind.FAVOURABLE, territory.nadia, seen=1)
    answer(review, Kind.FAVOURABLE, other, seen=1)


def test_what_was_suspended_stays_held_once_it_is_handed_on(territory: Territory) -> None:
    other = ways.another_reviewer(territory)
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.SUSPEND, territory.nadia)
    answer(review, Kind.TRANSFER, territory.nadia, seen=1, to=other)
    assert standing_of(review).state == "suspended"
    personas.parents_agree(
        territory,
        recipient=territory.sofia,
        purpose="pe_evaluer",
        categories=("consigne_pratique", "besoins_scolaires"),
    )
    assert release(draft, territory.camille).outcome is service.Outcome.AWAITING
    address = f"/situations/{territory.case.reference}/communiquer/{draft.pk}/relire/"
    page = personas.signed_in(territory.camille).get(address).content.decode()
    assert "elle reste suspendue" in page
    assert "Communiquer à Mme Marchetti" not in page
    queue = personas.signed_in(other).get("/controle/").content.decode()
    assert "suspendu" in queue
    assert "transmis" in queue
    answer(review, Kind.FAVOURABLE, other, seen=2)
    assert release(draft, territory.camille).outcome is service.Outcome.RELEASED


def test_it_is_handed_to_nobody_who_could_not_answer(territory: Territory) -> None:
    review = submitted(territory)
    for wrong in (None, territory.nadia, territory.camille, territory.sofia, territory.claire):
        with pytest.raises(opinions.OpinionError):
            answer(review, Kind.TRANSFER, territory.nadia, to=wrong)


def test_the_dpo_answers_where_nobody_else_may_and_where_it_is_handed_to_her(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    review = submitted(territory)
    assert not Review.objects.visible_to(dpo).exists(), "nobody browses what is submitted to others"
    answer(review, Kind.TRANSFER, territory.nadia, to=dpo)
    assert list(Review.objects.visible_to(dpo)) == [review]
    other = submitted(territory)
    personas.end_post(territory.nadia)
    assert set(Review.objects.visible_to(dpo)) == {review, other}


def test_who_would_receive_it_gives_no_opinion(territory: Territory) -> None:
    posts.has_functions(territory.leila, "reviewer")
    review = submitted(territory, awaiting(territory, recipient=territory.leila))
    assert not Review.objects.visible_to(territory.leila).exists()
    with pytest.raises(opinions.NotHers):
        answer(review, Kind.FAVOURABLE, territory.leila)
    answer(review, Kind.FAVOURABLE, territory.nadia)


def test_a_supervisor_never_releases(territory: Territory) -> None:
    """P-09: no move of hers leads there, no act takes her for the author, no door opens."""
    assert not [move for move in REVIEW.moves if move.end == "released" and move.who == REVIEWER]
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.FAVOURABLE, territory.nadia)
    with pytest.raises(service.CaseNotOpen):
        service.share(draft_id=draft.pk, previewed=seen(draft, territory.camille), by=territory.nadia)
    client = personas.signed_in(territory.nadia)
    way = f"/situations/{territory.case.reference}/communiquer/{draft.pk}/"
    for door in ("", "relire/", "avis/", "verdict/", "fait/"):
        assert client.post(f"{way}{door}").status_code in {404, 405}
    assert left() == 0


def test_no_act_of_opinions_writes_a_disclosure() -> None:
    """The whole folder calls nothing that lets anything leave."""
    import ast

    from tests.architecture import source

    leaving = {"release.release", "service.share", "Disclosure.objects.create", "release.disclosure_of"}
    found = [
        f"{source.named(path)}:{node.lineno}"
        for path in source.app_files("sharing")
        if "reviewing" in path.parts
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Call) and source.dotted(node.func) in leaving
    ]
    assert not found, found


def test_the_database_refuses_an_opinion_on_one_s_own(territory: Territory) -> None:
    review = submitted(territory)
    own = {"reviewer": territory.camille.professional, "by": territory.camille}
    with pytest.raises(IntegrityError, match="nobody_reviews_her_own"), transaction.atomic():
        Opinion.objects.create(
            review=review,
            number=1,
            kind=Kind.FAVOURABLE,
            writer=territory.camille.professional,
            digest=review.digest,
            at=clock.now(),
            entry_id=_entry(territory),
            **own,
        )


def _entry(territory: Territory) -> int:
    from audit import ledger

    return ledger.record(action="review.favoured", at=clock.now(), actor=territory.camille.pk)


def test_what_expired_since_is_not_favoured(territory: Territory) -> None:
    review = submitted(territory)
    AgreementParty.objects.filter(agreement=territory.clinic_agreement).update(signed_on=None)
    personas.end_post(territory.sofia, clock.now() - timedelta(seconds=1))
    with pytest.raises(opinions.NoLongerPossible):
        answer(review, Kind.FAVOURABLE, territory.nadia)
