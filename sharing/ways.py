"""The ways out of a refusal or a review, each decided again before it is offered, the least intrusive first.

Steps are tried alone, then two, then three together, with the items that stay refused left out: the smallest sets that lead to a
milder verdict are offered. A way that does not suffice alone names those that go with it (``Way.together``). Beside them stand
the acts that communicate nothing, and are therefore always lawful: letting the person speak, asking for an opinion, waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

from partners.vocabulary import Instead, vocabulary
from sharing import law
from sharing.facts import Facts, Party, Subject
from sharing.matter import BINDING, Matter
from sharing.outcome import ALLOW, DENY, SEVERITY, Decision, Path, Way
from sharing.questions import questions
from sharing.saying import demanded, recipient_said, spoken_with_ways
from sharing.steps import (
    Step,
    agreed,
    agreement_may_be_sought,
    applicable,
    leave_out_way,
    leaving_out,
    said_less,
    told,
)
from sharing.unsaid import MORTAL, RESCUE, unsaid
from sharing.weighing import weigh
from sharing.wording import _, quoted, to_whom

WORDS = vocabulary()

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

# What makes an item better told, whoever receives it.
_MENDS = frozenset(
    {Path.SAY_WHY_NECESSARY, Path.LABEL_HYPOTHESIS, Path.LEAVE_OUT_THIRD_PARTIES, Path.SAY_WHAT_WAS_SEEN}
)
# What is said to this recipient is then less than was meant, so that somebody else may be the one to know it.
_LESS = frozenset({Path.LEAVE_OUT.value, Path.SAY_LESS.value})
# The cell that receives concern reports is for children; another département has its own purpose.
_FOR_CHILDREN = frozenset({"crip", "juge_enfants"})
# To whom ill-treatment is reported, where the text names every authority.
_REPORTED_TO = {"signaler_sevices": ("crip", "procureur", "cellule_maltraitance")}
_NOT_FOR = {"pe_compte_rendu_juge": frozenset({"procureur"})}
# Those of a school who care: for health and schooling, and nothing else.
_SCHOOL_CARERS = frozenset({"medecin_scolaire", "psyen", "infirmier_scolaire"})
_THEIRS = frozenset({"sante", "scolarite"})
_WHERE = law.WHERE_SHE_IS  # what rescue needs in any case
_NEVER_SUGGESTED = frozenset({"pcd_autre_departement"})

Found = tuple[Way, Facts]


def with_ways(facts: Facts, decision: Decision) -> Decision:
    """The decision with its ways out, its questions, and a sentence that says what would make it possible."""
    found = ways_out(facts, decision)
    return replace(
        decision,
        paths=tuple(way for way, _facts in found),
        questions=questions(facts, decision),
        say=spoken_with_ways(facts, decision, found),
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
    closed = not found
    found += _without_name(m, decision)
    silent = unsaid(m, decision, closed=closed, offered=frozenset(way.code for way, _facts in found))
    found += [(replace(way, verdict=decision.verdict), facts) for way in silent]
    order = [path.value for path in Path]
    return sorted(found, key=lambda each: order.index(each[0].code))


def _milder(after: Decision, before: str) -> bool:
    return SEVERITY[after.verdict] < SEVERITY[before]


# --- steps, alone or together --------------------------------------------------------------------------------------------


def _together(m: Matter, decision: Decision) -> Iterator[Found]:
    steps = applicable(m)
    offered: set[tuple[str, str]] = set()
    for size in range(1, MOST_STEPS + 1):
        solved = [_solution(m.facts, each, decision.verdict) for each in _sets(steps, size)]
        # To leave something out is one thing to do more.
        solved += [_solution_leaving_out(m.facts, each, decision.verdict) for each in _sets(steps, size - 1)]
        solved += _solutions_saying_less(m, size - 1, decision.verdict)
        for way, facts in chain.from_iterable(_smallest(solved)):
            if (way.code, way.label) not in offered:
                offered.add((way.code, way.label))
                yield way, facts
        if offered:
            return


def _smallest(solved: list[list[Found]]) -> Iterator[list[Found]]:
    """What leads to an allow before what leads to an opinion; nothing that asks for more than another and does no better."""
    kept: list[frozenset[str]] = []
    for found in sorted(filter(None, solved), key=lambda found: (SEVERITY[found[0][0].verdict], len(found))):
        asked = frozenset(way.label for way, _facts in found)
        if not any(less < asked for less in kept):
            kept.append(asked)
            yield found


def _sets(steps: tuple[Step, ...], size: int) -> list[tuple[Step, ...]]:
    return [each for each in combinations(steps, size) if len({step.code for step in each}) == size]


def _solution(facts: Facts, steps: tuple[Step, ...], before: str, left: tuple[Way, ...] = ()) -> list[Found]:
    changed = _after(facts, steps)
    after = weigh(changed)
    if not _milder(after, before):
        return []
    ways = [*(way for step in steps for way in step.ways(facts)), *left]
    return [(_with_others(way, ways, after.verdict), changed) for way in ways]


def _with_others(way: Way, ways: list[Way], verdict: str) -> Way:
    others = [each for each in ways if each is not way]
    codes = dict.fromkeys(each.code for each in others)
    return replace(way, verdict=verdict, together=tuple(codes), also=tuple(each.label for each in others))


def _solution_leaving_out(
    facts: Facts, steps: tuple[Step, ...], before: str, more: tuple[Way, ...] = ()
) -> list[Found]:
    left = _stuck(weigh(_after(facts, steps)), before)
    if not left or len(left) == len(facts.items):
        return []
    gone = tuple(item for item in facts.items if item.ref in left)
    who = recipient_said(facts)
    why = f"{who} {_('peuvent s’en passer pour cela') if who.plural else _('peut s’en passer pour cela')}"
    return _solution(leaving_out(facts, left), steps, before, (*more, leave_out_way(gone, why)))


def _solutions_saying_less(m: Matter, size: int, before: str) -> list[list[Found]]:
    less = said_less(m)
    if less is None:
        return []
    facts, way = less
    steps = applicable(Matter(facts))
    found = [_solution(facts, each, before, (way,)) for each in _sets(steps, size)]
    if size:
        found += [_solution_leaving_out(facts, each, before, (way,)) for each in _sets(steps, size - 1)]
    return found


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
    """Where life is at stake, help comes before anything else: the professional calls, and knows whom she called."""
    at_stake = not m.held.isdisjoint(MORTAL)
    if not (at_stake or m.facts.purpose == RESCUE) or not m.items:
        return
    if at_stake and m.call_unverified and RESCUE in m.recipient_groups:
        return  # calling them back is calling them
    calm = (m.held - _OF_THE_RECIPIENT) | {"grave_imminent_peril"}
    one = replace(m.person, many=False)
    facts = m.facts.but(recipient=_party("police_17"), purpose=RESCUE, circumstances=calm, person=one, basis=None)
    kept = leaving_out(facts, _stuck(weigh(facts), DENY))
    needed = kept if kept.items else facts.but(items=(replace(facts.items[0], category=_WHERE),))
    if weigh(needed).verdict == ALLOW:
        label = (
            _("Appeler les secours") if at_stake else _("Appeler les secours, si quelqu’un est en danger maintenant")
        )
        detail = _("le 15, le 17, le 18, le 112, ou le 119 pour un enfant")
        refs = tuple(item.ref for item in needed.items)
        yield Way(Path.CALL_FOR_HELP.value, label, detail, refs, role="police_17", purpose=RESCUE), needed


def _someone_else(m: Matter, decision: Decision, together: list[Found]) -> list[Found]:
    """Another recipient: for what would be left out, else for everything; nobody where this one may know all of it."""
    facts = m.facts
    if m.gate or facts.purpose in WORDS.forbidden_purposes or facts.purpose == RESCUE or demanded(facts):
        return []
    if m.objects and any(text.voluntary or text.asks_agreement for text in law.BY_PURPOSE.get(facts.purpose, ())):
        return []  # nobody is told because somebody else was refused it
    if any(way.verdict == ALLOW and _LESS.isdisjoint((way.code, *way.together)) for way, _facts in together):
        return []
    left = next((way for way, _facts in together if way.code == Path.LEAVE_OUT), None)
    refs = frozenset(item.ref for item in facts.items) if left is None else frozenset(left.items)
    others = frozenset(item.ref for item in facts.items) - refs
    moved = leaving_out(facts, others)
    mends = [step for step in applicable(m) if step.code in _MENDS]
    found = _addressed_to(_others(m), m, moved, decision, ())
    if found or not mends or together:
        return found
    for step in mends:
        moved = step.change(moved)
    mending = [way for step in mends for way in step.ways(facts)]
    codes = tuple(dict.fromkeys(way.code for way in mending))
    found = _addressed_to(_others(m), m, moved, decision, codes, tuple(way.label for way in mending))
    if found:
        other, changed = found[0]
        found += [
            (replace(_with_others(way, [*mending, other], other.verdict), detail=way.detail), changed)
            for way in mending
        ]
    return found


def _addressed_to(
    others: Iterator[Instead],
    m: Matter,
    moved: Facts,
    decision: Decision,
    together: tuple[str, ...],
    also: tuple[str, ...] = (),
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
            also=also,
            verdict=after.verdict,
        )
        found.append((way, changed))
        if len(found) == MOST_RECIPIENTS:
            break
    return found


def _others(m: Matter) -> Iterator[Instead]:
    """Who else could be addressed: another in the same role where she left, those the rulebook suggests, those the texts name."""
    facts, own = m.facts, m.facts.recipient.role
    seen = {own} | _NEVER_SUGGESTED | _NOT_FOR.get(facts.purpose, frozenset())
    if not m.person.is_minor:
        seen |= _FOR_CHILDREN
    if any(each.category is None or each.category.family not in _THEIRS for each in m.items):
        seen |= _SCHOOL_CARERS
    if not facts.recipient.in_force and own in WORDS.roles:
        yield Instead(own)
    for other in m.recipient.instead if m.recipient is not None else ():
        if other.role not in seen and (other.asked_for is None or facts.purpose in other.asked_for):
            seen.add(other.role)
            yield other
    for code in _named(m):
        if code not in seen:
            seen.add(code)
            yield Instead(code)


def _named(m: Matter) -> Iterator[str]:
    """The roles that the texts of this purpose name, where they are few; one's own last."""
    purpose, own = m.facts.purpose, m.facts.sender.role
    yield from _REPORTED_TO.get(purpose, ())
    for text in law.BY_PURPOSE.get(purpose, ()):
        roles = [role.code for role in WORDS.roles.values() if not role.groups.isdisjoint(text.recipients)]
        if text.sender in m.sender_groups and len(roles) <= MOST_ROLES and not text.nominative_if_sender_bound:
            yield from sorted(roles, key=lambda code: code == own)


def _addressed(moved: Facts, other: Instead, before: str) -> Facts | None:
    """The same to another recipient, told or agreed first if need be; None where that would not be milder."""
    purpose = other.purpose or moved.purpose
    known = moved.circumstances - _OF_THE_RECIPIENT
    if any(text.alone_unless for text in law.BY_PURPOSE.get(purpose, ())):
        known |= moved.circumstances & {"both_work_with_person", "coordinator_designated"}
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
        sheet_missing=False,
        sheet_unread=False,
    )
    tries = [facts, told(facts)]
    if agreement_may_be_sought(Matter(facts)):
        tries.append(agreed(facts))
    return next((each for each in tries if _milder(weigh(each), before)), None)


def _newly_agreed(m: Matter, changed: Facts) -> bool:
    return len(changed.consents) > len(m.facts.consents)


def _why_them(facts: Facts, changed: Facts) -> str:
    why = []
    if changed.recipient.role == facts.recipient.role:
        why.append(_("à qui y exerce aujourd’hui"))
    if changed.purpose != facts.purpose:
        why.append(f"{_('pour')} {quoted(_(WORDS.purposes[changed.purpose].label))}")
    if len(changed.consents) > len(facts.consents):
        why.append(_("avec l’accord des parents") if facts.person.is_minor else _("avec l’accord de la personne"))
        return ", ".join(why)
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
        _("à des pairs, sans date, ni lieu, ni détail qui la fasse reconnaître"),
        purpose=law.CONSULTATION,
        verdict=after.verdict,
    )
    return [(way, facts)]


def _party(role: str) -> Party:
    return Party(role=role, ref=role)
