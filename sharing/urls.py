"""Doors of what is shared: those who send, those who receive, the texts on which they rest."""

from sharing import duty_urls, receiving_urls, rulebook_urls, sending_urls
from sharing.aloud import urls as aloud_urls
from sharing.api import token_urls
from sharing.asking import urls as asking_urls
from sharing.chronology import urls as chronology_urls
from sharing.consulting import urls as consulting_urls
from sharing.daily import urls as daily_urls
from sharing.incidents import urls as incident_urls
from sharing.keeping import urls as keeping_urls
from sharing.leaving import urls as leaving_urls
from sharing.opened import urls as opened_urls
from sharing.papers import urls as paper_urls
from sharing.proofs import urls as proof_urls
from sharing.reviewing import urls as reviewing_urls
from sharing.rights import urls as rights_urls
from sharing.statistics import urls as statistics_urls
from sharing.stopping import urls as stopping_urls
from sharing.urgency import urls as urgency_urls

app_name = "sharing"

urlpatterns = [
    *sending_urls.patterns,
    *chronology_urls.patterns,
    *duty_urls.patterns,
    *receiving_urls.patterns,
    *asking_urls.patterns,
    *incident_urls.patterns,
    *rulebook_urls.patterns,
    *urgency_urls.patterns,
    *aloud_urls.patterns,
    *keeping_urls.patterns,
    *leaving_urls.patterns,
    *daily_urls.patterns,
    *consulting_urls.patterns,
    *reviewing_urls.patterns,
    *stopping_urls.patterns,
    *paper_urls.patterns,
    *opened_urls.patterns,
    *proof_urls.patterns,
    *rights_urls.patterns,
    *token_urls.patterns,
    *statistics_urls.patterns,
]
