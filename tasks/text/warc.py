"""Web archives (WARC): the HTML pages in them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from tasks.text.decoding import normalise

_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)


class WarcError(ValueError):
    """The archive breaks off or is none; the message says where."""


class _Records(ArchiveIterator):  # type: ignore[misc]
    """warcio's records; where one is longer or shorter than it says it raises, and writes nothing to the terminal."""

    def _consume_blanklines(self) -> tuple[bytes | None, int]:
        blank = 0
        while line := self.reader.readline():
            if line.strip():
                if not blank:
                    raise WarcError("a record is not as long as it says")
                return line, blank
            blank += len(line)
        return None, blank


def html_responses(data: bytes, *, max_bytes: int) -> Iterator[tuple[str, str | None, bytes]]:
    """Address, declared charset and unpacked bytes of every HTML page that was answered with 200, in file order.

    All other records (requests, pictures, redirects) are passed over. Raises WarcError where the archive is broken, or
    where its pages together unpack to more than `max_bytes`.
    """
    # It warns of spaces in addresses, with the address as the archive has it.
    logging.getLogger("warcio").setLevel(logging.ERROR)
    left = max_bytes
    count = 0
    try:
        for record in _Records(BytesIO(data)):
            count += 1
            if record.rec_type not in ("response", "resource"):
                continue
            headers = record.http_headers or record.rec_headers
            kind = headers.get_header("Content-Type") or ""
            if "html" not in kind.lower() or (record.http_headers and record.http_headers.get_statuscode() != "200"):
                continue
            body = record.content_stream().read(left + 1)
            left -= len(body)
            if left < 0:
                raise WarcError(f"the pages unpack to more than max_file_bytes ({max_bytes:,})")
            address = normalise(record.rec_headers.get_header("WARC-Target-URI") or f"record {count}")
            declared = _CHARSET.search(kind)
            yield address.strip(" <>"), declared[1] if declared else None, body
    except WarcError as error:
        raise WarcError(f"record {count} of the web archive: {error}") from error
    except Exception as error:  # warcio raises what its parsers meet (zlib, ValueError, its own); all mean: broken here
        raise WarcError(f"record {count + 1} of the web archive is broken ({type(error).__name__})") from error
