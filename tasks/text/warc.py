"""Web archives (WARC): the HTML pages in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator

from tasks.text.decoding import normalise

_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)


class WarcError(ValueError):
    """The archive breaks off or is none; the message says where."""


def html_responses(data: bytes, *, max_bytes: int) -> Iterator[tuple[str, str | None, bytes]]:
    """Address, declared charset and unpacked bytes of every HTML page that was answered with 200, in file order.

    All other records (requests, pictures, redirects) are passed over. Raises WarcError where the archive is broken, or
    where its pages together unpack to more than `max_bytes`.
    """
    left = max_bytes
    count = 0
    try:
        for record in ArchiveIterator(BytesIO(data)):
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
                raise WarcError(f"record {count}: the pages unpack to more than max_file_bytes ({max_bytes:,})")
            address = normalise(record.rec_headers.get_header("WARC-Target-URI") or f"record {count}")
            declared = _CHARSET.search(kind)
            yield address.strip(" <>"), declared[1] if declared else None, body
    except WarcError:
        raise
    except Exception as error:  # warcio raises what its parsers meet (zlib, ValueError, its own); all mean: broken here
        raise WarcError(f"record {count + 1} of the web archive is broken ({type(error).__name__})") from error
