"""The rows that facts hang on, locked FOR SHARE before anything is read of them (design.md, part 4; traps.md).

Every act that changes a fact takes the same row FOR NO KEY UPDATE before it writes. Django has no FOR SHARE, hence the SQL.
The order is fixed: the person, the memberships with their professional and institution, the agreements, the forums, the
assignment.
"""

import uuid

from django.db import connection

from cases.models import Person
from partners.forums import SEATED_ROLES

# Her other sheets too (cases.sheets): what is said on one of them stops what would leave from another.
_PERSON = """
    SELECT * FROM cases_person WHERE id = ANY(cases_sheets_of(%s, 'infinity')) ORDER BY id FOR SHARE
"""
_MEMBERSHIPS = """
    SELECT m.id, m.role, cases_sheets_of(%s, 'infinity') FROM partners_membership m
    JOIN partners_professional p ON p.id = m.professional_id
    JOIN partners_institution i ON i.id = m.institution_id
    WHERE m.id = ANY(%s) ORDER BY m.id FOR SHARE OF m, p, i
"""
_AGREEMENTS = """
    SELECT a.id FROM partners_agreement a
    WHERE EXISTS (SELECT 1 FROM partners_agreementparty x JOIN partners_membership m ON m.institution_id = x.institution_id
                  WHERE x.agreement_id = a.id AND m.id = %s)
      AND EXISTS (SELECT 1 FROM partners_agreementparty x JOIN partners_membership m ON m.institution_id = x.institution_id
                  WHERE x.agreement_id = a.id AND m.id = %s)
    ORDER BY a.id FOR SHARE OF a
"""
_FORUMS = """
    SELECT f.id FROM partners_forum f
    WHERE EXISTS (SELECT 1 FROM partners_forummember x WHERE x.forum_id = f.id AND x.membership_id = %s)
    ORDER BY f.id FOR SHARE OF f
"""
_ASSIGNMENT = """
    SELECT 1 FROM cases_assignment s
    JOIN cases_caseaccess g ON g.content_object_id = s.case_id
    JOIN partners_membership m ON m.id = s.membership_id AND m.professional_id = g.user_id
    WHERE s.case_id = %s AND s.membership_id = %s
      AND s.starts_at <= clock_timestamp() AND (s.ends_at IS NULL OR s.ends_at > clock_timestamp())
    FOR SHARE OF s, g
"""


def hold(*, person: uuid.UUID, sender: uuid.UUID, recipient: uuid.UUID) -> Person:
    """Hold the person, both memberships, their agreements and the forums where the recipient sits until the transaction ends.

    In this order, every sheet of the person by its id. Returns the person as she is under the lock. Three statements;
    four where the recipient's role sits in forums.
    """
    held = {one.pk: one for one in Person.objects.raw(_PERSON, [person])}
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERSHIPS, [person, sorted([sender, recipient])])
        rows = cursor.fetchall()
        roles = {membership: role for membership, role, _sheets in rows}
        if any(not held.keys() >= set(sheets) for _membership, _role, sheets in rows):
            cursor.execute(_PERSON, [person])  # a link was approved while the person was waited for
        cursor.execute(_AGREEMENTS, [sender, recipient])
        if roles.get(recipient) in SEATED_ROLES:
            cursor.execute(_FORUMS, [recipient])
    return held[person]


def hold_assignment(*, case: uuid.UUID, membership: uuid.UUID) -> bool:
    """Hold the assignment by which this membership may open the case; False where there is none in force."""
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNMENT, [case, membership])
        return cursor.fetchone() is not None
