"""Files that people send are read in memory, up to a bound; what goes beyond is counted and thrown away, never written to disk."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

BOUND = 6 * 1024 * 1024
"""Bytes: a little above the largest file that any page accepts, so that the page itself says what is too large."""


class Bounded(FileUploadHandler):
    """Keeps at most `BOUND` bytes of a file; of a larger one its size alone, so that the form can say so (abuse 39)."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= BOUND:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        if file_size > BOUND:
            self.kept = BytesIO()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name="papier",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )
