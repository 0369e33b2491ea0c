"""Any intended disclosure, lawful or not: what Hypothesis draws from the words of the rulebook."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing.facts import ConsentFact, Facts, Information, Item, Party, Subject

WORDS = vocabulary()
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RECIPIENTS = ("", "mme-lantier", "m-roche")

instants = st.one_of(
    st.none(),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 (naive bounds)
)
days = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
categories = st.sampled_from(sorted(WORDS.categories))
some_categories = st.frozensets(categories, max_size=4)
roles = st.sampled_from(sorted(WORDS.roles))
purposes = st.sampled_from(sorted(WORDS.purposes.keys() | WORDS.forbidden_purposes.keys()))
circumstances = st.frozensets(st.sampled_from(sorted(WORDS.circumstances)), max_size=8)

parties = st.builds(
    Party,
    role=roles,
    bound=st.one_of(st.none(), st.sampled_from(sorted(WORDS.bounds))),
    ref=st.sampled_from(RECIPIENTS),
    institution=st.sampled_from(("", "ecole-jean-mace")),
    in_force=st.booleans(),
)
items = st.builds(
    Item,
    category=categories,
    ref=st.uuids().map(str),
    nature=st.sampled_from(sorted(WORDS.natures)),
    necessity=st.sampled_from((None, "", "Sans cela, aucune sortie.")),
    origin=st.sampled_from(("", "ip", "controle_rsa")),
    third_parties=st.booleans(),
    depositary=st.booleans(),
    received=st.booleans(),
    observed_on=days,
)
persons = st.builds(
    Subject,
    age=st.one_of(st.none(), st.integers(0, 17)),
    measure=st.sampled_from(("", "sauvegarde", "curatelle", "tutelle_personal", "tutelle_property")),
    vulnerable=st.booleans(),
    unable=st.booleans(),
    identifiable=st.sampled_from((True, True, True, False)),
    many=st.sampled_from((False, False, False, True)),
)
consents = st.builds(
    ConsentFact,
    state=st.sampled_from(("given", "given", "refused", "withdrawn")),
    ref=st.just("x"),
    recipient=st.sampled_from(RECIPIENTS),
    institution=st.sampled_from(("", "ecole-jean-mace")),
    purpose=st.one_of(st.just(""), purposes),
    categories=some_categories,
    valid_from=instants,
    valid_until=instants,
    said_at=instants,
)
informed = st.builds(
    Information,
    state=st.sampled_from(("done", "done", "not_done", "excepted", "not_applicable")),
    categories=st.one_of(st.none(), some_categories),
    on=days,
    reexamine_on=days,
)
anything = st.builds(
    Facts,
    at=st.just(AT),
    sender=parties,
    recipient=parties,
    purpose=purposes,
    items=st.lists(items, max_size=3).map(tuple),
    person=persons,
    consents=st.lists(consents, max_size=3).map(tuple),
    informed=informed,
    circumstances=circumstances,
    basis=st.one_of(st.none(), st.none(), st.sampled_from(("ACCORD", "CASF-L226-2-2", "PERIL-CP-223-6"))),
    justification=st.text(max_size=20),
    narrowed=some_categories,
    kept_here=some_categories,
    opinion_on=some_categories,
    closed_purposes=st.frozensets(purposes, max_size=3),
    at_most_days=st.one_of(st.none(), st.integers(min_value=1, max_value=400)),
)


def _plausible(drawn: tuple[Facts, list[str], frozenset[str], bool]) -> Facts:
    facts, codes, more, agreed = drawn
    plain = tuple(Item(category, ref=str(n)) for n, category in enumerate(codes, start=1))
    given = ConsentFact("given", recipient="mme-lantier", purpose=facts.purpose, categories=frozenset(codes))
    return facts.but(
        sender=Party(facts.sender.role, ref="camille"),
        recipient=Party(facts.recipient.role, ref="mme-lantier"),
        items=plain,
        person=Subject(age=facts.person.age, vulnerable=facts.person.vulnerable),
        consents=(given,) if agreed else (),
        informed=Information("done"),
        circumstances=more,
        basis=None,
        narrowed=frozenset(),
        kept_here=frozenset(),
        opinion_on=frozenset(),
        closed_purposes=frozenset(),
    )


# Disclosures with few faults, so that many are allowed.
FRIENDLY = frozenset(
    {"same_care", "named_recipient", "same_care_team", "both_work_with_person", "coordinator_designated", "gravity"}
)
plausible = st.tuples(
    anything,
    st.lists(categories, min_size=1, max_size=3),
    st.frozensets(st.sampled_from(sorted(WORDS.circumstances)), max_size=2).map(lambda few: few | FRIENDLY),
    st.booleans(),
).map(_plausible)
disclosures = st.one_of(plausible, anything)
