"""Files arrive on disk, never in memory; what is too big is not written at all."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from jalon.usecases.upload import MOST_BYTES

ROOM_FOR_THE_FORM = 1024**2


class LimitedUpload(TemporaryFileUploadHandler):
    """Django's handler on disk, which skips the files of a request too big."""

    too_big = False

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401, ARG002 - Django's shape
        META: dict[str, str],  # noqa: N803, ARG002 - Django's shape
        content_length: int,
        *more: Any,  # noqa: ANN401, ARG002 - Django's shape
        **named: Any,  # noqa: ANN401, ARG002 - Django's shape
    ) -> None:
        """Look at the size announced before a byte is read."""
        self.too_big = content_length > MOST_BYTES + ROOM_FOR_THE_FORM

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        """Open a file, unless the whole is too big.

        Raises:
            SkipFile: If it is; its bytes are read and dropped.
        """
        if self.too_big:
            raise SkipFile
        super().new_file(*args, **kwargs)


def announced(request: HttpRequest) -> int:
    """Return the bytes a request says it has."""
    return int(request.META.get("CONTENT_LENGTH") or 0)
