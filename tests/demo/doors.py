"""Every door of the house, those of the demonstration included: the addresses of a test that plays the demonstration."""

from config import demo_urls
from config import urls as house

handler500 = house.handler500

urlpatterns = [*house.urlpatterns, *demo_urls.patterns]
