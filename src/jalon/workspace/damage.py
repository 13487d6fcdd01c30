"""What reading a damaged file raises: libraries say it in many ways (make fuzz)."""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib

ZIP: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,  # an archive that says it is of a version to come
    OSError,  # a part that says it begins before the file
    OverflowError,
    RuntimeError,  # a password is asked for
    ValueError,
)
WORKBOOK: tuple[type[Exception], ...] = (
    *ZIP,
    AttributeError,
    IndexError,
    SyntaxError,  # XML that is not well formed
    TypeError,
)
TABLE: tuple[type[Exception], ...] = (*WORKBOOK, csv.Error)
