"""Lists come by pages, 25 lines unless asked otherwise, never more than 100."""

from rest_framework.pagination import PageNumberPagination


class Paging(PageNumberPagination):
    """`?page=` and `?page_size=`; a page beyond the last is the 404 of what does not exist."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
