"""The ways out of a refusal or a review, each decided again before it is offered, the least intrusive first.

Steps are tried alone, then two, then three together, with the items that stay refused left out: the smallest sets that lead to a
milder verdict are offered. A way that does not suffice alone names those that go with it (``Way.together``). Beside them stand
the acts that communicate nothing, and are therefore always lawful: letting the person speak, asking for an opinion, waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from partners.vocabulary import Instead, vocabulary
from sharing import law
from sharing.facts import Facts, Party, Subject
from sharing.law import Basis
from sharing.matter import BINDING, Matter
from sharing.outcome import ALLOW, DENY, REVIEW, SEVERITY, Decision, Path, Way
from sharing.questions import questions
from sharing.saying import recipient_said, spoken_with_ways
from sharing.steps import Step, agreed, agreement_may_be_sought, applicable, leave_out_way, leaving_out, told
from sharing.weighing import weigh
from sharing.wording import _, to_whom

WORDS = vocabulary()

# What communicates nothing, hence needs no decision.
SILENT = frozenset(
    {Path.SAY_IT_HERSELF, Path.AWAIT_OPINION, Path.SAY_NOTHING, Path.ASK_THE_PURPOSE, Path.ASK_FOR_ADVICE, Path.WAIT}
)

MOST_STEPS = 3  # together; beyond, nobody follows
MOST_RECIPIENTS = 2
MOST_ROLES = 6  # a text open to more roles than this suggests nobody in particular

# What is known of this recipient only, and is dropped when another is considered.
_OF_THE_RECIPIENT = frozenset(
    [
        "same_care",
        "named_recipient",
        "same_care_team",
        "both_work_with_person",
        "coordinator_designated",
        "unbound_guest_present",
        "forum_ess",
        "parents_present",
        "presence_proposed",
        "by_telephone",
        "peril_unverified",
        "call_back_verified",
        "agreement_expired",
        "hierarchical_order",
    ]
)
_MORTAL = frozenset({"grave_imminent_peril", "life_in_immediate_danger", "grave_immediate_danger"})
_URGENT = _MORTAL | {"gravity", "emergency_person_unable"}

# What makes an item better told, whoever receives it.
_MENDS = frozenset({Path.SAY_WHY_NECESSARY, Path.LABEL_HYPOTHESIS, Path.LEAVE_OUT_THIRD_PARTIES})

Found = tuple[Way, Facts]


def with_ways(facts: Facts, decision: Decision) -> Decision:
    """The decision with its ways out, its questions, and a sentence that says what would make it possible."""
    ways = tuple(way for way, _facts in ways_out(facts, decision))
    return replace(
        decision,
        paths=ways,
        questions=questions(facts, decision),
        say=spoken_with_ways(facts, decision.say, ways),
    )


def ways_out(facts: Facts, decision: Decision) -> list[Found]:
    """Each way with the facts as they would be once it is followed, with those that go together with it."""
    if decision.verdict == ALLOW:
        return []
    m = Matter(facts)
    found = [*_help(m)]
    together = list(_together(m, decision))
    found += together
    found += _someone_else(m, decision, together)
    found += _without_name(m, decision)
    found += [(way, facts) for way in _silent(m, decision, nothing_else=not found)]
    order = [path.value for path in Path]
    return sorted(found, key=lambda each: order.index(each[0].code))


def _milder(after: Decision, before: str) -> bool:
    return SEVERITY[after.verdict] < SEVERITY[before]


# --- steps, alone or together --------------------------------------------------------------------------------------------


def _together(m: Matter, decision: Decision) -> Iterator[Found]:
    steps = applicable(m)
    offered: set[tuple[str, str]] = set()
    for size in range(1, MOST_STEPS + 1):
        solved = [found for each in _sets(steps, size) for found in _solution(m.facts, each, decision.verdict)]
        # To leave something out is one thing to do more.
        for each in _sets(steps, size - 1):
            solved += _solution_leaving_out(m.facts, each, decision.verdict)
        # What leads to an allow goes before what leads to an opinion.
        for way, facts in sorted(solved, key=lambda found: SEVERITY[found[0].verdict]):
            if (way.code, way.label) not in offered:
                offered.add((way.code, way.label))
                yield way, facts
        if solved:
            return


def _sets(steps: tuple[Step, ...], size: int) -> list[tuple[Step, ...]]:
    return [each for each in combinations(steps, size) if len({step.code for step in each}) == size]


def _solution(facts: Facts, steps: tuple[Step, ...], before: str, left: tuple[Way, ...] = ()) -> list[Found]:
    changed = _after(facts, steps)
    after = weigh(changed)
    if not _milder(after, before):
        return []
    ways = [*(way for step in steps for way in step.ways(facts)), *left]
    codes = tuple(dict.fromkeys(way.code for way in ways))
    return [
        (replace(way, verdict=after.verdict, together=tuple(code for code in codes if code != way.code)), changed)
        for way in ways
    ]


def _solution_leaving_out(facts: Facts, steps: tuple[Step, ...], before: str) -> list[Found]:
    left = _stuck(weigh(_after(facts, steps)), before)
    if not left or len(left) == len(facts.items):
        return []
    gone = tuple(item for item in facts.items if item.ref in left)
    why = f"{recipient_said(facts)} {_('peut s’en passer pour cela')}"
    return _solution(leaving_out(facts, left), steps, before, (leave_out_way(gone, why),))


def _after(facts: Facts, steps: tuple[Step, ...]) -> Facts:
    for step in steps:
        facts = step.change(facts)
    return facts


def _stuck(decision: Decision, before: str) -> frozenset[str]:
    """The items that stay refused for what they are, where nothing else refuses; else none."""
    against = [each for each in decision.findings if SEVERITY[each.effect] >= SEVERITY[before]]
    if any(not each.items for each in against):
        return frozenset()
    return frozenset(ref for each in against for ref in each.items)


# --- other ways ----------------------------------------------------------------------------------------------------------


def _help(m: Matter) -> Iterator[Found]:
    """Where life is at stake, help comes before anything else."""
    if m.held.isdisjoint(_MORTAL) or m.person.many:
        return
    calm = (m.held - _OF_THE_RECIPIENT) | {"grave_imminent_peril"}
    facts = m.facts.but(recipient=_party("police_17"), purpose="secours", circumstances=calm, basis=None)
    if weigh(facts).verdict == ALLOW:
        label, detail = _("Appeler les secours"), _("le 15, le 17, le 18, le 112, ou le 119 pour un enfant")
        refs = tuple(item.ref for item in facts.items)
        yield Way(Path.CALL_FOR_HELP.value, label, detail, refs, role="police_17", purpose="secours"), facts


def _someone_else(m: Matter, decision: Decision, together: list[Found]) -> list[Found]:
    """Another recipient: for what would be left out, else for everything."""
    if m.gate or m.facts.purpose in WORDS.forbidden_purposes:
        return []
    left = next((way for way, _facts in together if way.code == Path.LEAVE_OUT), None)
    refs = frozenset(item.ref for item in m.facts.items) if left is None else frozenset(left.items)
    others = frozenset(item.ref for item in m.facts.items) - refs
    moved = leaving_out(m.facts, others)
    mends = [step for step in applicable(m) if step.code in _MENDS]
    found = _addressed_to(_others(m), m, moved, decision, () if left is None else left.together)
    if found or not mends:
        return found
    for step in mends:
        moved = step.change(moved)
    codes = tuple(step.code.value for step in mends)
    found = _addressed_to(_others(m), m, moved, decision, codes)
    if found:
        with_them = (Path.ADDRESS_SOMEONE_ELSE.value,)
        found += [(replace(way, together=with_them), found[0][1]) for step in mends for way in step.ways(m.facts)]
    return found


def _addressed_to(
    others: Iterator[Instead], m: Matter, moved: Facts, decision: Decision, together: tuple[str, ...]
) -> list[Found]:
    found: list[Found] = []
    for other in others:
        changed = _addressed(moved, other, decision.verdict)
        if changed is None:
            continue
        role = WORDS.roles[other.role]
        after = weigh(changed)
        way = Way(
            Path.ADDRESS_SOMEONE_ELSE.value,
            f"{_('L’adresser plutôt')} {to_whom(role.say)}",
            _why_them(m.facts, changed),
            tuple(item.ref for item in changed.items),
            role=role.code,
            purpose=changed.purpose,
            categories=tuple(dict.fromkeys(item.category for item in changed.items))
            if _newly_agreed(m, changed)
            else (),
            together=together,
            verdict=after.verdict,
        )
        found.append((way, changed))
        if len(found) == MOST_RECIPIENTS:
            break
    return found


def _others(m: Matter) -> Iterator[Instead]:
    facts, own = m.facts, m.facts.recipient.role
    seen = {own}
    for other in m.recipient.instead if m.recipient is not None else ():
        if other.role not in seen and (other.asked_for is None or facts.purpose in other.asked_for):
            seen.add(other.role)
            yield other
    for text in law.BY_PURPOSE.get(facts.purpose, ()):
        roles = [role.code for role in WORDS.roles.values() if not role.groups.isdisjoint(text.recipients)]
        if text.sender in m.sender_groups and len(roles) <= MOST_ROLES:
            for code in roles:
                if code not in seen:
                    seen.add(code)
                    yield Instead(code)


def _addressed(moved: Facts, other: Instead, before: str) -> Facts | None:
    """The same to another recipient, told or agreed first if need be; None where that would not be milder."""
    known = moved.circumstances - _OF_THE_RECIPIENT
    purpose = other.purpose or moved.purpose
    if WORDS.roles[other.role].bound == "instance":
        known |= {"forum_ess", "presence_proposed"}
    texts = law.BY_PURPOSE.get(purpose, ())
    takes_part = {each for text in texts for each in text.requires if each in ("same_care", "named_recipient")}
    facts = moved.but(
        recipient=_party(other.role),
        purpose=purpose,
        circumstances=known | takes_part,
        basis=None,
        narrowed=frozenset(),
    )
    tries = [facts, told(facts)]
    if agreement_may_be_sought(Matter(facts)):
        tries.append(agreed(facts))
    return next((each for each in tries if _milder(weigh(each), before)), None)


def _newly_agreed(m: Matter, changed: Facts) -> bool:
    return len(changed.consents) > len(m.facts.consents)


def _why_them(facts: Facts, changed: Facts) -> str:
    if len(changed.consents) > len(facts.consents):
        return _("avec l’accord des parents") if facts.person.is_minor else _("avec son accord")
    why = []
    if "same_care" in changed.circumstances:
        why.append(_("s’il participe à l’accompagnement"))
    if changed.informed != facts.informed:
        why.append(_("une fois les parents informés") if facts.person.is_minor else _("une fois la personne informée"))
    return ", ".join(why)


def _without_name(m: Matter, decision: Decision) -> list[Found]:
    """A professional may speak of a situation, and of her own difficulty, without the person being recognised."""
    texts = law.BY_PURPOSE.get(m.facts.purpose, ())
    in_group = any(text.nominative_if_sender_bound for text in texts)
    peer = m.recipient_bound in BINDING or m.recipient_bound == "discretion"
    if m.gate or not (in_group or (peer and any(text.voluntary for text in texts))):
        return []
    unnamed = (m.held - {"nominative"}) | {"non_nominative"}
    person = Subject(age=m.person.age, identifiable=False)
    facts = m.facts.but(purpose=law.CONSULTATION, circumstances=unnamed, person=person, basis=None)
    after = weigh(facts)
    if not _milder(after, decision.verdict):
        return []
    way = Way(
        Path.CONSULT_WITHOUT_NAME.value,
        _("Demander conseil sans nommer la personne"),
        _("sans date, ni lieu, ni détail qui la fasse reconnaître"),
        purpose=law.CONSULTATION,
        verdict=after.verdict,
    )
    return [(way, facts)]


def _silent(m: Matter, decision: Decision, *, nothing_else: bool) -> Iterator[Way]:
    """The acts that communicate nothing."""
    facts = m.facts
    texts = law.BY_PURPOSE.get(facts.purpose, ())
    forbidden = facts.purpose in WORDS.forbidden_purposes
    if decision.verdict == REVIEW:
        yield _opinion(decision)
    if m.gate == law.PARENTS_OF_THE_CHILD:
        yield Way(
            Path.SAY_IT_HERSELF.value,
            _("Proposer à l’enfant d’en parler avec ses parents"),
            _("avec vous, s’il le souhaite"),
        )
    elif any(_she_could_say_it(text) for text in texts):
        yield _herself(facts)
    if decision.verdict == DENY and m.recipient_bound == "authority" and (forbidden or m.call_unverified):
        said = _("« Je ne peux ni confirmer ni infirmer. Adressez une réquisition écrite à la direction. »")
        yield Way(Path.SAY_NOTHING.value, _("Répondre que vous êtes tenu au secret"), said)
    elif forbidden:
        asked = _("quelle décision en dépend, et ce que cela change pour la personne")
        yield Way(Path.ASK_THE_PURPOSE.value, _("Demander à quoi cela servirait"), asked)
    elif decision.verdict == DENY and nothing_else:
        whom = _("à un cadre, au service juridique ou au délégué à la protection des données")
        yield Way(Path.ASK_FOR_ADVICE.value, _("Demander conseil"), whom)
    if not forbidden and m.held.isdisjoint(_URGENT) and all(text.voluntary for text in texts):
        respected = _("ne pas communiquer est une décision professionnelle, et elle est respectée")
        yield Way(Path.WAIT.value, _("Attendre, si rien ne presse"), respected)


def _she_could_say_it(text: Basis) -> bool:
    """Sharing between professionals, what rests on her will, and what she is asked for her own rights; not reports, nor demands."""
    if text.nominative_if_sender_bound:
        return False
    if text.voluntary or text.asks_agreement or "agreement_sought" in text.requires:
        return True
    return text.is_obligation and text.owes_information and not text.obligation_if_unbound


def _herself(facts: Facts) -> Way:
    refs = tuple(item.ref for item in facts.items)
    if facts.person.is_minor:
        label, detail = _("Proposer aux parents de le dire eux-mêmes"), _("ils sont libres de le faire, ou non")
    else:
        label, detail = _("Proposer à la personne de le dire elle-même"), _("elle est libre de le faire, ou non")
    return Way(Path.SAY_IT_HERSELF.value, label, detail, refs)


def _opinion(decision: Decision) -> Way:
    if "legal_review" in decision.reasons:
        return Way(
            Path.AWAIT_OPINION.value,
            _("Transmettre la demande au service juridique"),
            _("l’institution répond, pas vous"),
        )
    return Way(Path.AWAIT_OPINION.value, _("Demander l’avis d’un cadre"), _("vous restez libre de ne pas communiquer"))


def _party(role: str) -> Party:
    return Party(role=role, ref=role)
