"""The bytes of one file to pages: pasted text, HTML, JSON, Markdown, feeds, web archives, gzip of any of them."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import yaml

from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Page, Reject
from tasks.text.decoding import NotTextError, UndecodableError, decode, normalise
from tasks.text.feeds import feed_records
from tasks.text.json_records import Record, RecordError, read_record, unpack
from tasks.text.markdown import markdown_text
from tasks.text.warc import WarcError, html_responses

KINDS: Mapping[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".warc": "warc",
}
SIDECAR_SUFFIX = ".meta.json"
_STAGE = "ingest"
_LOOKS_HTML = re.compile(r"\s*(?:<!--|<!doctype html|<html|<head|<body)", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
# Codecs of text that was published: others that Python knows (punycode, unicode_escape) are no encodings of pages.
_PAGE_CODECS = re.compile(
    r"(?:iso-?8859|windows-|cp\d|koi8|shift_jis|euc|gb|big5|mac|latin|utf-?16|us-ascii)", re.IGNORECASE
)
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT_MATTER = 65_536
_MAX_CAUSE = 200


class _Refused(ValueError):
    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def content_hash(data: bytes, sidecar: bytes | None = None) -> str:
    """BLAKE2b (128 bits, hex) of the file's bytes and its sidecar's; no sidecar and an empty one differ."""
    digest = hashlib.blake2b(data, digest_size=16)
    if sidecar is not None:
        digest.update(b"\x00sidecar\x00" + sidecar)
    return digest.hexdigest()


def read_pages(
    data: bytes, *, source_path: str, sidecar: bytes | None = None, max_bytes: int, day_first: bool = True
) -> list[Page | Reject]:
    """The pages of one file, in its order; what cannot be read is a Reject that says why and what to do.

    The kind is the file's suffix (`KINDS`, each also with `.gz`). `article_key` is the record's own id (JSON), else
    `source_path`, with "#" and the document's address or number where a file holds several. `max_bytes` bounds what is
    read and what unpacking may give. Never raises, whatever the bytes are.
    """
    if not data.strip(b" \t\r\n\x00"):
        return [_reject(source_path, RejectReason.EMPTY, "the file is empty; remove it or paste the page again")]
    if len(data) > max_bytes:
        return [_reject(source_path, RejectReason.TOO_LARGE, _too_large(len(data), max_bytes))]
    digest = content_hash(data, sidecar)
    found: list[Record | Reject]
    try:
        found = list(_read(data, source_path, max_bytes, day_first))
    except _Refused as refused:
        return [_reject(source_path, refused.reason, refused.detail)]
    except NotTextError as error:
        return [_reject(source_path, RejectReason.NOT_TEXT, str(error))]
    except UndecodableError as error:
        return [_reject(source_path, RejectReason.UNDECODABLE, str(error))]
    stated: Record | None = None
    trouble: list[Page | Reject] = []
    if sidecar is not None:
        try:
            stated = read_record(_load_json(decode(sidecar)), day_first=day_first, needs_text=False)
        except (ValueError, RecursionError) as error:
            detail = f"its metadata ({SIDECAR_SUFFIX}) are left out: no JSON object ({_cause(error)}); correct them"
            trouble.append(_reject(source_path, RejectReason.MALFORMED, detail))
    return _pages(found, source_path, digest, stated) + trouble


def _pages(found: list[Record | Reject], source_path: str, digest: str, stated: Record | None) -> list[Page | Reject]:
    records = [r for r in found if isinstance(r, Record)]
    alone = len(found) == 1
    pages: list[Page | Reject] = []
    keys: set[str] = set()
    for number, item in enumerate(found, 1):
        if isinstance(item, Reject):
            pages.append(item)
            continue
        record = _with_sidecar(item, stated, whole=len(records) == 1)
        part = source_path if alone else f"{source_path}#{record.address or number}"
        if part in keys:
            part = f"{source_path}#{number}"
        key = record.id or part
        if not record.body.strip():
            pages.append(_reject(source_path, RejectReason.EMPTY, f"{record.where or 'the file'} holds no text", key))
            continue
        if key in keys:
            detail = f"{record.where} has the id of an earlier one in the file: {key}; give it an id of its own"
            pages.append(_reject(source_path, RejectReason.DUPLICATE_KEY, detail, key))
            continue
        keys.add(key)
        pages.append(
            Page(
                article_key=key,
                source_path=source_path,
                content_hash=digest,
                kind=record.kind,
                body=record.body,
                title=record.title,
                byline=record.byline,
                outlet=record.outlet,
                url=record.url,
                published=record.published,
                published_source="metadata" if record.published else "none",
                language=record.language,
            )
        )
    return pages


def _with_sidecar(record: Record, stated: Record | None, *, whole: bool) -> Record:
    """The record with what its sidecar states; a sidecar of a file of several documents gives the outlet alone."""
    if stated is None:
        return record
    if not whole:
        return replace(record, outlet=record.outlet or stated.outlet)
    names = ("title", "byline", "outlet", "url", "published", "language")
    return replace(record, **{name: getattr(stated, name) or getattr(record, name) for name in names})


def _read(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> Iterable[Record | Reject]:
    name = PurePosixPath(source_path.lower())
    suffixes = name.suffixes
    if suffixes and suffixes[-1] == ".gz":
        data = _gunzip(data, max_bytes)
        if not data.strip(b" \t\r\n\x00"):
            raise _Refused(RejectReason.EMPTY, "the archive holds an empty file; remove it")
        suffixes = suffixes[:-1]
    kind = KINDS.get(suffixes[-1]) if suffixes else None
    if kind is None:
        known = ", ".join(KINDS)
        raise _Refused(RejectReason.UNKNOWN_KIND, f"no known kind of file; known are {known} and each with .gz")
    return _READERS[kind](data, source_path, max_bytes, day_first)


def _read_text(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    text = decode(data)
    kind = "html" if _LOOKS_HTML.match(text) else "text"
    return [Record(kind=kind, body=normalise(text))]


def _read_html(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    return [Record(kind="html", body=_markup(data))]


def _markup(data: bytes, declared: str | None = None) -> str:
    found = _CHARSET.search(data[:4096])
    name = declared or (found[1].decode("ascii") if found else None)
    return normalise(decode(data, declared=name if name and _PAGE_CODECS.match(name) else None))


def _read_json(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    text = decode(data)
    try:
        content = _load_json(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.split("\n") if line.strip()]
        # Many dumps of one record a line are called .json.
        if len(lines) > 1 and lines[0].lstrip().startswith("{") and _is_json(lines[0]):
            return _read_jsonl(data, source_path, max_bytes, day_first)
        raise _Refused(RejectReason.MALFORMED, f"no valid JSON ({_cause(error)}); export it again") from error
    items = unpack(content)
    if not items:
        raise _Refused(RejectReason.EMPTY, "the JSON holds no record")
    many = len(items) > 1
    return [
        _one(item, f"record {n}" if many else "the record", source_path, day_first) for n, item in enumerate(items, 1)
    ]


def _read_jsonl(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    found: list[Record | Reject] = []
    for number, line in enumerate(decode(data).split("\n"), 1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            content = _load_json(line)
        except (ValueError, RecursionError) as error:
            detail = f"{where} is no valid JSON ({_cause(error)}); export it again"
            found.append(_reject(source_path, RejectReason.MALFORMED, detail))
            continue
        found.append(_one(content, where, source_path, day_first))
    return found


def _one(content: Any, where: str, source_path: str, day_first: bool) -> Record | Reject:
    try:
        return replace(read_record(content, day_first=day_first), where=where)
    except RecordError as error:
        return _reject(source_path, RejectReason.MALFORMED, f"{where}: {error}")


def _read_markdown(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    text = normalise(decode(data))
    fields: Any = {}
    front = _FRONT_MATTER.match(text)
    if front:
        if len(front[1]) > _MAX_FRONT_MATTER:
            raise _Refused(RejectReason.MALFORMED, "the front matter is longer than 64 KB; shorten it")
        try:
            fields = yaml.BaseLoader(front[1]).get_single_data() or {}  # every value stays a string: no dates, no tags
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            cause = _cause(error)
            raise _Refused(
                RejectReason.MALFORMED, f"the front matter is no valid YAML ({cause}); correct it"
            ) from error
        text = text[front.end() :]
    if not isinstance(fields, dict):
        raise _Refused(RejectReason.MALFORMED, "the front matter is no list of names and values; correct it")
    title, body = markdown_text(text)
    record = read_record({str(k): v for k, v in fields.items()}, day_first=day_first, needs_text=False)
    return [replace(record, kind="record", body=body, title=record.title or title)]


def _read_feed(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    decode(data)  # a picture named .xml is told as such
    if re.search(rb"<!ENTITY", data, re.IGNORECASE):
        raise _Refused(RejectReason.MALFORMED, "the XML declares entities, which are not expanded; remove them")
    records = feed_records(data, day_first=day_first)
    if records is None:
        raise _Refused(RejectReason.UNKNOWN_KIND, "an XML file, but no RSS or Atom feed; export articles as .jsonl")
    if not records:
        raise _Refused(RejectReason.EMPTY, "the feed holds no entry")
    return list(records)


def _read_warc(data: bytes, source_path: str, max_bytes: int, day_first: bool) -> list[Record | Reject]:
    found: list[Record | Reject] = []
    try:
        for address, declared, body in html_responses(data, max_bytes=max_bytes):
            where = f"the page {address}"
            try:
                found.append(
                    Record(kind="html", body=_markup(body, declared), url=address, address=address, where=where)
                )
            except NotTextError as error:
                found.append(_reject(source_path, RejectReason.NOT_TEXT, f"{where}: {error}"))
            except UndecodableError as error:
                found.append(_reject(source_path, RejectReason.UNDECODABLE, f"{where}: {error}"))
    except WarcError as error:
        found.append(_reject(source_path, RejectReason.MALFORMED, f"{error}; the records before it are kept"))
    if not found:
        raise _Refused(RejectReason.NO_ARTICLE_TEXT, "the web archive holds no HTML page that was answered with 200")
    return found


_READERS: Mapping[str, Callable[[bytes, str, int, bool], Iterable[Record | Reject]]] = {
    "text": _read_text,
    "html": _read_html,
    "json": _read_json,
    "jsonl": _read_jsonl,
    "markdown": _read_markdown,
    "feed": _read_feed,
    "warc": _read_warc,
}


def _gunzip(data: bytes, max_bytes: int) -> bytes:
    """The unpacked bytes of all members; at most `max_bytes` of them are ever made."""
    pieces: list[bytes] = []
    size = 0
    while data.strip(b"\x00"):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            piece = unpacker.decompress(data, max_bytes + 1 - size)
        except zlib.error as error:
            raise _Refused(RejectReason.MALFORMED, f"no sound gzip archive ({_cause(error)}); pack it again") from error
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise _Refused(RejectReason.TOO_LARGE, f"unpacked {_too_large(None, max_bytes)}")
        if not unpacker.eof:
            raise _Refused(RejectReason.MALFORMED, "the gzip archive ends too early; copy it again")
        data = unpacker.unused_data
    return b"".join(pieces)


def _load_json(text: str) -> Any:
    return json.loads(text.lstrip("\ufeff"))


def _is_json(line: str) -> bool:
    try:
        _load_json(line)
    except (ValueError, RecursionError):
        return False
    return True


def _too_large(size: int | None, max_bytes: int) -> str:
    have = f"{size:,} bytes" if size is not None else "it is"
    return f"{have} more than max_file_bytes ({max_bytes:,}); split the file or raise the setting"


def _cause(error: BaseException) -> str:
    """The error in one line, without characters that a terminal would obey."""
    return normalise(" ".join(str(error).split()) or type(error).__name__)[:_MAX_CAUSE]


def _reject(source_path: str, reason: RejectReason, detail: str, key: str | None = None) -> Reject:
    return Reject(stage=_STAGE, source_path=source_path, article_key=key, reason=reason, detail=detail)
