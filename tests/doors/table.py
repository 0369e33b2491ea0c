"""Who may pass which door: one line for each door and each method, one column for each persona.

Columns: somebody who is not signed in; Camille, referent of the case; Leïla, her colleague, who does not follow it; Nadia, who
leads the team; Mme Lantier, who received a disclosure; M. Perrin, her colleague, to whom nothing is addressed; Yann, auditor;
Claire, DPO; a former member who followed the case; a superuser who works nowhere.

Numbers are what a GET, or an empty POST, is answered: 302 without a session leads to the sign-in page; 404 is exactly that of what
does not exist; 405 is for everybody.

A door that the table does not name fails the tests, and so does a line whose door is gone.
"""

PERSONAS = ("anonymous", "camille", "leila", "nadia", "lantier", "perrin", "yann", "claire", "former", "superuser")

TABLE = """
healthz                  GET  200 200 200 200 200 200 200 200 200 200
healthz                  POST 405 405 405 405 405 405 405 405 405 405
readyz                   GET  200 200 200 200 200 200 200 200 200 200
readyz                   POST 405 405 405 405 405 405 405 405 405 405
home                     GET  302 200 200 200 200 200 200 200 302 302
home                     POST 302 405 405 405 405 405 405 405 302 302
audit:explorer           GET  302 404 404 404 404 404 200 200 302 302
audit:explorer           POST 302 405 405 405 405 405 405 405 302 302
audit:verification       GET  302 404 404 404 404 404 200 200 302 302
audit:verification       POST 302 404 404 404 404 404 302 302 302 302
audit:verified           GET  302 404 404 404 404 404 200 200 302 302
audit:verified           POST 302 405 405 405 405 405 405 405 302 302
audit:heads              GET  302 404 404 404 404 404 200 200 302 302
audit:heads              POST 302 404 404 404 404 404 422 422 302 302
audit:head               GET  302 404 404 404 404 404 404 404 302 302
audit:head               POST 302 405 405 405 405 405 405 405 302 302
audit:keys               GET  302 404 404 404 404 404 200 200 302 302
audit:keys               POST 302 405 405 405 405 405 405 405 302 302
audit:alarms             GET  302 404 404 404 404 404 200 200 302 302
audit:alarms             POST 302 405 405 405 405 405 405 405 302 302
audit:alarm              GET  302 404 404 404 404 404 200 200 302 302
audit:alarm              POST 302 404 404 404 404 404 404 422 302 302
audit:accesses           GET  302 404 404 404 404 404 200 200 302 302
audit:accesses           POST 302 405 405 405 405 405 405 405 302 302
audit:entry              GET  302 404 404 404 404 404 200 200 302 302
audit:entry              POST 302 405 405 405 405 405 405 405 302 302
audit:entry_proof        GET  302 404 404 404 404 404 200 200 302 302
audit:entry_proof        POST 302 405 405 405 405 405 405 405 302 302
partners:sign_in         GET  200 302 302 302 302 302 302 302 302 302
partners:sign_in         POST 422 302 302 302 302 302 302 302 302 302
partners:sign_out        GET  405 405 405 405 405 405 405 405 405 405
partners:sign_out        POST 302 302 302 302 302 302 302 302 302 302
account_login            GET  200 302 302 302 302 302 302 302 302 302
account_login            POST 422 302 302 302 302 302 302 302 302 302
account_logout           GET  405 405 405 405 405 405 405 405 405 405
account_logout           POST 302 302 302 302 302 302 302 302 302 302
partners:act_as          GET  302 200 200 200 200 200 200 200 302 302
partners:act_as          POST 302 422 422 422 422 422 422 422 302 302
partners:prolong         GET  302 405 405 405 405 405 405 405 302 302
partners:prolong         POST 302 204 204 204 204 204 204 204 302 302
partners:set_language    GET  405 405 405 405 405 405 405 405 405 405
partners:set_language    POST 302 302 302 302 302 302 302 302 302 302
partners:directory       GET  302 200 200 200 200 200 200 200 302 302
partners:directory       POST 302 405 405 405 405 405 405 405 302 302
partners:institution     GET  302 200 200 200 200 200 200 200 302 302
partners:institution     POST 302 405 405 405 405 405 405 405 302 302
partners:agreement       GET  302 200 200 200 200 200 200 200 302 302
partners:agreement       POST 302 405 405 405 405 405 405 405 302 302
partners:to_validate     GET  302 404 404 200 404 404 404 404 302 302
partners:to_validate     POST 302 405 405 405 405 405 405 405 302 302
partners:sheet           GET  302 200 200 200 200 200 404 404 302 302
partners:sheet           POST 302 404 404 422 404 404 404 404 302 302
partners:sheet_read      GET  302 405 405 405 405 405 405 405 302 302
partners:sheet_read      POST 302 302 302 302 404 404 404 404 302 302
partners:sheet_write     GET  302 404 404 200 404 404 404 404 302 302
partners:sheet_write     POST 302 404 404 422 404 404 404 404 302 302
partners:agreement_new   GET  302 404 404 200 404 404 404 404 302 302
partners:agreement_new   POST 302 404 404 422 404 404 404 404 302 302
partners:agreement_revise GET 302 404 404 200 404 404 404 404 302 302
partners:agreement_revise POST 302 404 404 422 404 404 404 404 302 302
partners:agreement_act   GET  302 404 404 200 404 404 404 404 302 302
partners:agreement_act   POST 302 404 404 422 404 404 404 404 302 302
partners:succession_new  GET  302 404 404 404 404 404 404 404 302 302
partners:succession_new  POST 302 404 404 404 404 404 404 404 302 302
partners:succession      GET  302 404 404 404 404 404 200 200 302 302
partners:succession      POST 302 404 404 404 404 404 404 404 302 302
partners:forum           GET  302 200 200 200 200 200 200 200 302 302
partners:forum           POST 302 405 405 405 405 405 405 405 302 302
partners:settings        GET  302 404 404 404 404 404 404 200 302 302
partners:settings        POST 302 405 405 405 405 405 405 405 302 302
partners:narrowing_new   GET  302 404 404 404 404 404 404 200 302 302
partners:narrowing_new   POST 302 404 404 404 404 404 404 422 302 302
partners:narrowing       GET  302 404 404 404 404 404 404 200 302 302
partners:narrowing       POST 302 404 404 404 404 404 404 422 302 302
partners:narrowing_lift  GET  302 404 404 404 404 404 404 200 302 302
partners:narrowing_lift  POST 302 404 404 404 404 404 404 422 302 302
cases:list               GET  302 200 200 200 200 200 200 200 302 302
cases:list               POST 302 200 200 200 200 200 200 200 302 302
cases:create             GET  302 200 200 200 200 200 200 200 302 302
cases:create             POST 302 422 422 422 422 422 422 422 302 302
cases:item_new           GET  302 200 404 404 404 404 404 404 302 302
cases:item_new           POST 302 422 404 404 404 404 404 404 302 302
cases:item               GET  302 200 404 404 404 404 404 404 302 302
cases:item               POST 302 405 405 405 405 405 405 405 302 302
cases:dissent            GET  302 200 404 404 404 404 404 404 302 302
cases:dissent            POST 302 422 404 404 404 404 404 404 302 302
cases:identity           GET  302 200 404 404 404 404 404 404 302 302
cases:identity           POST 302 200 404 404 404 404 404 404 302 302
cases:assignments        GET  302 200 404 200 404 404 404 404 302 302
cases:assignments        POST 302 200 404 200 404 404 404 404 302 302
cases:end_assignment     GET  302 405 405 405 405 405 405 405 302 302
cases:end_assignment     POST 302 302 404 302 404 404 404 404 302 302
cases:involvements       GET  302 200 404 404 404 404 404 404 302 302
cases:involvements       POST 302 422 404 404 404 404 404 404 302 302
cases:same_person        GET  302 200 404 404 404 404 404 404 302 302
cases:same_person        POST 302 422 404 404 404 404 404 404 302 302
cases:end_link           GET  302 200 404 404 404 404 404 404 302 302
cases:end_link           POST 302 422 404 404 404 404 404 404 302 302
cases:link               GET  302 404 404 200 404 404 404 404 302 302
cases:link               POST 302 404 404 422 404 404 404 404 302 302
cases:record_status      GET  302 200 404 404 404 404 404 404 302 302
cases:record_status      POST 302 422 404 404 404 404 404 404 302 302
cases:end_status         GET  302 200 404 404 404 404 404 404 302 302
cases:end_status         POST 302 422 404 404 404 404 404 404 302 302
cases:add_representative GET  302 200 404 404 404 404 404 404 302 302
cases:add_representative POST 302 422 404 404 404 404 404 404 302 302
cases:change_representative GET  302 200 404 404 404 404 404 404 302 302
cases:change_representative POST 302 422 404 404 404 404 404 404 302 302
cases:team               GET  302 404 404 200 404 404 404 404 302 302
cases:team               POST 302 404 404 405 404 404 404 404 302 302
consent:who_decides      GET  302 200 404 404 404 404 404 404 302 302
consent:who_decides      POST 302 405 405 405 405 405 405 405 302 302
consent:list             GET  302 200 404 404 404 404 404 404 302 302
consent:list             POST 302 405 405 405 405 405 405 405 302 302
consent:new              GET  302 200 404 404 404 404 404 404 302 302
consent:new              POST 302 200 404 404 404 404 404 404 302 302
consent:grid             GET  302 200 404 404 404 404 404 404 302 302
consent:grid             POST 302 200 404 404 404 404 404 404 302 302
consent:receipt          GET  302 200 404 404 404 404 404 404 302 302
consent:receipt          POST 302 405 405 405 405 405 405 405 302 302
consent:notice           GET  302 200 404 404 404 404 404 404 302 302
consent:notice           POST 302 405 405 405 405 405 405 405 302 302
consent:receipt_paper    GET  302 200 404 404 404 404 404 404 302 302
consent:receipt_paper    POST 302 405 405 405 405 405 405 405 302 302
consent:objection_paper  GET  302 200 404 404 404 404 404 404 302 302
consent:objection_paper  POST 302 405 405 405 405 405 405 405 302 302
cases:items              GET  302 200 404 404 404 404 404 404 302 302
cases:items              POST 302 200 404 404 404 404 404 404 302 302
consent:paper            GET  302 200 404 404 404 404 404 404 302 302
consent:paper            POST 302 422 404 404 404 404 404 404 302 302
consent:scan             GET  302 200 404 404 404 404 404 404 302 302
consent:scan             POST 302 405 405 405 405 405 405 405 302 302
sharing:opened           GET  302 200 404 200 404 404 404 404 302 302
sharing:opened           POST 302 405 405 405 405 405 405 405 302 302
sharing:opened_paper     GET  302 422 404 404 404 404 404 404 302 302
sharing:opened_paper     POST 302 405 405 405 405 405 405 405 302 302
sharing:chronology       GET  302 200 404 404 404 404 404 404 302 302
sharing:chronology       POST 302 405 405 405 405 405 405 405 302 302
sharing:case             GET  302 200 404 404 404 404 404 404 302 302
sharing:case             POST 302 405 405 405 405 405 405 405 302 302
sharing:start            GET  302 200 404 404 404 404 404 404 302 302
sharing:start            POST 302 302 404 404 404 404 404 404 302 302
sharing:compose          GET  302 200 404 404 404 404 404 404 302 302
sharing:compose          POST 302 200 404 404 404 404 404 404 302 302
sharing:verdict          GET  302 405 405 405 405 405 405 405 302 302
sharing:verdict          POST 302 200 404 404 404 404 404 404 302 302
sharing:discard          GET  302 405 405 405 405 405 405 405 302 302
sharing:discard          POST 302 302 404 404 404 404 404 404 302 302
sharing:check            GET  302 200 404 404 404 404 404 404 302 302
sharing:check            POST 302 409 404 404 404 404 404 404 302 302
sharing:done             GET  302 200 404 404 404 404 404 404 302 302
sharing:done             POST 302 405 405 405 405 405 405 405 302 302
sharing:done_paper       GET  302 200 404 404 404 404 404 404 302 302
sharing:done_paper       POST 302 405 405 405 405 405 405 405 302 302
sharing:whether_left     GET  302 200 404 404 404 404 404 404 302 302
sharing:whether_left     POST 302 405 405 405 405 405 405 405 302 302
sharing:duties           GET  302 200 200 200 200 200 200 200 302 302
sharing:duties           POST 302 405 405 405 405 405 405 405 302 302
sharing:duty             GET  302 200 404 404 404 404 404 404 302 302
sharing:duty             POST 302 302 404 404 404 404 404 404 302 302
sharing:usefulness       GET  302 200 404 404 404 404 404 404 302 302
sharing:usefulness       POST 302 422 404 404 404 404 404 404 302 302
sharing:consultations    GET  302 200 200 200 200 200 200 200 302 302
sharing:consultations    POST 302 405 405 405 405 405 405 405 302 302
sharing:consultation_new GET  302 404 404 404 404 404 404 404 302 302
sharing:consultation_new POST 302 404 404 404 404 404 404 404 302 302
sharing:consultation     GET  302 200 200 404 404 404 404 404 302 302
sharing:consultation     POST 302 200 200 404 404 404 404 404 302 302
sharing:inbox            GET  302 200 200 200 200 200 200 200 302 302
sharing:inbox            POST 302 405 405 405 405 405 405 405 302 302
sharing:received         GET  302 404 404 404 200 404 404 404 302 302
sharing:received         POST 302 404 404 404 200 404 404 404 302 302
sharing:acknowledge      GET  302 405 405 405 405 405 405 405 302 302
sharing:acknowledge      POST 302 404 404 404 302 404 404 404 302 302
sharing:print_received   GET  302 405 405 405 405 405 405 405 302 302
sharing:print_received   POST 302 404 404 404 200 404 404 404 302 302
sharing:received_paper   GET  302 405 405 405 405 405 405 405 302 302
sharing:received_paper   POST 302 404 404 404 200 404 404 404 302 302
sharing:received_proof   GET  302 404 404 404 200 404 404 404 302 302
sharing:received_proof   POST 302 404 404 404 200 404 404 404 302 302
sharing:proofs           GET  302 200 404 404 404 404 404 404 302 302
sharing:proofs           POST 302 405 405 405 405 405 405 405 302 302
sharing:proofs_file      GET  302 200 404 404 404 404 404 404 302 302
sharing:proofs_file      POST 302 405 405 405 405 405 405 405 302 302
sharing:send_back        GET  302 404 404 404 200 404 404 404 302 302
sharing:send_back        POST 302 404 404 404 302 404 404 404 302 302
sharing:rectify          GET  302 200 404 404 404 404 404 404 302 302
sharing:rectify          POST 302 422 404 404 404 404 404 404 302 302
sharing:rectification    GET  302 200 404 404 404 404 404 404 302 302
sharing:rectification    POST 302 422 404 404 404 404 404 404 302 302
sharing:limit_item       GET  302 200 404 404 404 404 404 404 302 302
sharing:limit_item       POST 302 422 404 404 404 404 404 404 302 302
sharing:limit_case       GET  302 200 404 404 404 404 404 404 302 302
sharing:limit_case       POST 302 422 404 404 404 404 404 404 302 302
sharing:limitation       GET  302 200 404 404 404 404 404 404 302 302
sharing:limitation       POST 302 422 404 404 404 404 404 404 302 302
sharing:disagree         GET  302 404 404 404 302 404 404 404 302 302
sharing:disagree         POST 302 404 404 404 302 404 404 404 302 302
sharing:ask_precision    GET  302 404 404 404 200 404 404 404 302 302
sharing:ask_precision    POST 302 404 404 404 422 404 404 404 302 302
sharing:answer_received  GET  302 405 405 405 405 405 405 405 302 302
sharing:answer_received  POST 302 404 404 404 302 404 404 404 302 302
sharing:sent             GET  302 200 200 200 200 200 200 200 302 302
sharing:sent             POST 302 405 405 405 405 405 405 405 302 302
sharing:sent_one         GET  302 200 404 404 404 404 404 404 302 302
sharing:sent_one         POST 302 405 405 405 405 405 405 405 302 302
sharing:sent_proof       GET  302 200 404 404 404 404 404 404 302 302
sharing:sent_proof       POST 302 405 405 405 405 405 405 405 302 302
sharing:recall           GET  302 200 404 200 404 404 404 404 302 302
sharing:recall           POST 302 302 404 302 404 404 404 404 302 302
sharing:incidents        GET  302 404 404 200 404 404 404 200 302 302
sharing:incidents        POST 302 405 405 405 405 405 405 405 302 302
sharing:incident         GET  302 404 404 404 404 404 404 200 302 302
sharing:incident         POST 302 404 404 404 404 404 404 422 302 302
sharing:requests         GET  302 200 200 200 200 200 200 200 302 302
sharing:requests         POST 302 405 405 405 405 405 405 405 302 302
sharing:request_new      GET  302 200 200 200 200 200 200 200 302 302
sharing:request_new      POST 302 404 404 404 404 404 404 404 302 302
sharing:request_verdict  GET  302 405 405 405 405 405 405 405 302 302
sharing:request_verdict  POST 302 404 404 404 404 404 404 404 302 302
sharing:request          GET  302 200 404 404 200 404 404 404 302 302
sharing:request          POST 302 404 404 404 200 404 404 404 302 302
sharing:request_answer   GET  302 405 405 405 405 405 405 405 302 302
sharing:request_answer   POST 302 404 404 404 422 404 404 404 302 302
sharing:request_compose  GET  302 405 405 405 405 405 405 405 302 302
sharing:request_compose  POST 302 404 404 404 302 404 404 404 302 302
sharing:request_withdraw GET  302 405 405 405 405 405 405 405 302 302
sharing:request_withdraw POST 302 302 404 404 404 404 404 404 302 302
sharing:request_seen     GET  302 405 405 405 405 405 405 405 302 302
sharing:request_seen     POST 302 302 404 404 404 404 404 404 302 302
sharing:withdraw         GET  302 200 404 404 404 404 404 404 302 302
sharing:withdraw         POST 302 422 404 404 404 404 404 404 302 302
sharing:withdraw_all     GET  302 200 404 404 404 404 404 404 302 302
sharing:withdraw_all     POST 302 422 404 404 404 404 404 404 302 302
sharing:recorded_in_error GET  302 200 404 404 404 404 404 404 302 302
sharing:recorded_in_error POST 302 422 404 404 404 404 404 404 302 302
sharing:object           GET  302 200 404 404 404 404 404 404 302 302
sharing:object           POST 302 422 404 404 404 404 404 404 302 302
sharing:objected         GET  302 200 404 404 404 404 404 404 302 302
sharing:objected         POST 302 405 405 405 405 405 405 405 302 302
sharing:control          GET  302 404 404 200 404 404 404 200 302 302
sharing:control          POST 302 405 405 405 405 405 405 405 302 302
sharing:review           GET  302 404 404 200 404 404 404 404 302 302
sharing:review           POST 302 404 404 200 404 404 404 404 302 302
sharing:examinations     GET  302 404 404 200 404 404 404 200 302 302
sharing:examinations     POST 302 405 405 405 405 405 405 405 302 302
sharing:examination      GET  302 404 404 200 404 404 404 404 302 302
sharing:examination      POST 302 404 404 422 404 404 404 404 302 302
sharing:unsealed         GET  302 404 404 404 404 404 404 404 302 302
sharing:unsealed         POST 302 404 404 422 404 404 404 404 302 302
sharing:dashboard        GET  302 404 404 200 404 404 404 200 302 302
sharing:dashboard        POST 302 405 405 405 405 405 405 405 302 302
sharing:ask_opinion      GET  302 405 405 405 405 405 405 405 302 302
sharing:ask_opinion      POST 302 302 404 404 404 404 404 404 302 302
sharing:urgency          GET  302 200 404 404 404 404 404 404 302 302
sharing:urgency          POST 302 422 404 404 404 404 404 404 302 302
sharing:urgency_done     GET  302 200 404 404 404 404 404 404 302 302
sharing:urgency_done     POST 302 405 405 405 405 405 405 405 302 302
sharing:handover         GET  302 200 404 404 404 404 404 404 302 302
sharing:handover         POST 302 422 404 404 404 404 404 404 302 302
sharing:urgencies        GET  302 404 404 200 404 404 404 200 302 302
sharing:urgencies        POST 302 405 405 405 405 405 405 405 302 302
sharing:aloud            GET  302 200 404 404 404 404 404 404 302 302
sharing:aloud            POST 302 422 404 404 404 404 404 404 302 302
sharing:aloud_done       GET  302 200 404 404 404 404 404 404 302 302
sharing:aloud_done       POST 302 302 404 404 404 404 404 404 302 302
sharing:withhold         GET  302 200 404 404 404 404 404 404 302 302
sharing:withhold         POST 302 422 404 404 404 404 404 404 302 302
sharing:call             GET  302 200 200 200 200 200 200 200 302 302
sharing:call             POST 302 422 422 422 422 422 422 422 302 302
sharing:pressure         GET  302 200 200 200 200 200 200 200 302 302
sharing:pressure         POST 302 422 422 422 422 422 422 422 302 302
sharing:call_noted       GET  302 200 404 404 404 404 404 404 302 302
sharing:call_noted       POST 302 405 405 405 405 405 405 405 302 302
sharing:rules            GET  302 200 200 200 200 200 200 200 302 302
sharing:rules            POST 302 405 405 405 405 405 405 405 302 302
sharing:rule             GET  302 200 200 200 200 200 200 200 302 302
sharing:rule             POST 302 405 405 405 405 405 405 405 302 302
demo_components          GET  200 200 200 200 200 200 200 200 200 200
demo_components          POST 405 405 405 405 405 405 405 405 405 405
"""


def read_table() -> dict[tuple[str, str], dict[str, int]]:
    """(door, method) → persona → status."""
    doors: dict[tuple[str, str], dict[str, int]] = {}
    for line in TABLE.strip().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        door, method, *statuses = line.split()
        assert len(statuses) == len(PERSONAS), line
        assert (door, method) not in doors, line
        doors[door, method] = dict(zip(PERSONAS, map(int, statuses), strict=True))
    return doors


DOORS = read_table()
