"""Tables that people open in a spreadsheet, CSV with semicolons in UTF-8 with its mark and without live formulas; and
the files that spreadsheets write.
"""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What `csv.writer` writes to; it keeps the line for us to send."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def decoded(content: bytes) -> str:
    """The text of a file or a line as spreadsheets write them: UTF-8 with its mark or without, UTF-16, or Windows-1252,
    which can be read whatever the bytes.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[1::2].count(0) > len(content) // 4:
        return content.decode("utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def neutralised(value: object) -> str:
    """The cell's text; an apostrophe keeps a spreadsheet from computing it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_response(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """The rows as a file to download, sent while they are read."""
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([neutralised(cell) for cell in row])
