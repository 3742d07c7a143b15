"""Every kind of input gives its pages; every broken one gives a reject that says why, and the rest is read."""

from __future__ import annotations

import gzip
import json
from datetime import date
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Page, Reject
from tasks.text.decoding import normalise
from tasks.text.inputs import content_hash, read_pages
from tasks.text.markdown import markdown_text
from tasks.text.stated_days import parse_stated_day

TEXT = "Troops leave the valley\n\nThe last troops left the valley on Monday, the ministry said."
HTML = f"<html><body><h1>Troops leave the valley</h1><p>{TEXT[25:]}</p></body></html>"
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Valley Courier</title>
<item><title>Troops leave</title><link>https://courier.example/1</link><guid>c-1</guid>
<pubDate>Thu, 15 Jun 2023 10:17:00 +0000</pubDate>
<description>&lt;p&gt;The last troops left.&lt;/p&gt;&lt;p&gt;Nobody was hurt.&lt;/p&gt;</description></item>
<item><title>Bridge opens</title><guid>c-2</guid><description>The bridge opened.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Valley Courier</title><entry><title>Troops leave</title>
<id>urn:c:1</id><updated>2023-06-15T10:17:00Z</updated>
<content type="html">&lt;p&gt;The last troops left.&lt;/p&gt;</content>
</entry></feed>"""
MARKDOWN = """---
title: Troops leave the valley
published: 03-02-2009
outlet: Valley Courier
authors: [Ann Example, Ben Sample]
---
# Troops leave the valley

The **last** troops left
on [Monday](https://courier.example).
"""


def read(data: str | bytes, name: str, *, max_bytes: int = 100_000, **more: bytes) -> list[Page | Reject]:
    return read_pages(data.encode() if isinstance(data, str) else data, source_path=name, max_bytes=max_bytes, **more)


def page(data: str | bytes, name: str, **more: bytes) -> Page:
    (found,) = read(data, name, **more)
    assert isinstance(found, Page), found
    return found


def reject(data: str | bytes, name: str, *, max_bytes: int = 100_000) -> Reject:
    (found,) = read(data, name, max_bytes=max_bytes)
    assert isinstance(found, Reject), found
    return found


def web_archive(*answers: tuple[str, str, str], packed: bool = False) -> bytes:
    """A WARC with an HTTP answer for each (address, status, body)."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "test"}))
    for address, status, body in answers:
        headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        payload = BytesIO(body.encode())
        writer.write_record(writer.create_warc_record(address, "response", payload=payload, http_headers=headers))
    return out.getvalue()


KINDS: list[tuple[str, str | bytes, str]] = [
    ("a.txt", TEXT, "text"),
    ("a.html", HTML, "html"),
    ("saved.txt", "<!DOCTYPE html>" + HTML, "html"),
    ("a.json", json.dumps({"title": "Troops leave", "text": TEXT}), "record"),
    ("a.jsonl", json.dumps({"title": "Troops leave", "text": TEXT}), "record"),
    ("a.md", MARKDOWN, "record"),
    ("a.atom", ATOM, "record"),
    ("a.warc", web_archive(("https://courier.example/1", "200 OK", HTML)), "html"),
]


@pytest.mark.parametrize(("name", "data", "kind"), KINDS, ids=[k[0] for k in KINDS])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_each_kind_of_file_gives_a_page(name: str, data: str | bytes, kind: str, packed: bool) -> None:
    raw = data.encode() if isinstance(data, str) else data
    name, raw = (f"{name}.gz", gzip.compress(raw)) if packed else (name, raw)
    found = page(raw, f"folder/{name}")
    assert found.kind == kind
    assert "troops" in found.body
    assert found.article_key == f"folder/{name}"
    assert found.content_hash == content_hash(raw)


BROKEN: list[tuple[str, str | bytes, RejectReason]] = [
    ("empty.txt", b"", RejectReason.EMPTY),
    ("blank.txt", " \n\n\t", RejectReason.EMPTY),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), RejectReason.NOT_TEXT),
    ("paper.txt", b"%PDF-1.7 and so on", RejectReason.NOT_TEXT),
    ("packed.txt", gzip.compress(TEXT.encode()), RejectReason.NOT_TEXT),
    ("zeros.txt", b"text\x00\x00\x00with\x00\x00\x00zeros\x00\x00\x00", RejectReason.NOT_TEXT),
    ("sjis.txt", "軍隊は月曜日に谷を去った。".encode("shift_jis"), RejectReason.UNDECODABLE),
    ("table.csv", "a,b\n1,2", RejectReason.UNKNOWN_KIND),
    ("nothing", "some text", RejectReason.UNKNOWN_KIND),
    ("a.tar.gz", gzip.compress(b"x" * 600), RejectReason.UNKNOWN_KIND),
    ("a.html", b"\xff\xd8\xff\xe0" + bytes(200), RejectReason.NOT_TEXT),
    ("a.json", '{"title": "Troops', RejectReason.MALFORMED),
    ("deep.json", "[" * 50_000, RejectReason.MALFORMED),
    ("a.json", '{"title": "no text"}', RejectReason.MALFORMED),
    ("a.json", "[]", RejectReason.EMPTY),
    ("a.json", '"a string"', RejectReason.MALFORMED),
    ("a.md", "---\ntitle: [broken\n---\nText.", RejectReason.MALFORMED),
    ("a.md", "---\njust words\n---\nText.", RejectReason.MALFORMED),
    ("a.xml", "<note><to>no feed</to></note>", RejectReason.UNKNOWN_KIND),
    ("a.rss", '<!DOCTYPE r [<!ENTITY a "b">]><rss><channel/></rss>', RejectReason.MALFORMED),
    ("a.rss", '<rss version="2.0"><channel><title>Empty</title></channel></rss>', RejectReason.EMPTY),
    ("a.txt.gz", gzip.compress(TEXT.encode())[:-9], RejectReason.MALFORMED),
    ("a.txt.gz", b"no gzip at all", RejectReason.MALFORMED),
    ("a.warc", "WARC/1.0\r\nbroken", RejectReason.NO_ARTICLE_TEXT),
    ("a.warc", web_archive(("https://courier.example/1", "404 Not Found", HTML)), RejectReason.NO_ARTICLE_TEXT),
]


@pytest.mark.parametrize(("name", "data", "reason"), BROKEN, ids=[f"{b[0]}-{i}" for i, b in enumerate(BROKEN)])
def test_each_broken_input_is_a_reject_with_its_reason(name: str, data: str | bytes, reason: RejectReason) -> None:
    found = reject(data, name)
    assert found.reason == reason
    assert found.stage == "ingest"
    assert found.detail.isprintable()


def test_unpacking_never_makes_more_than_the_limit() -> None:
    bomb = gzip.compress(b"a" * 5_000_000)
    assert reject(bomb, "bomb.txt.gz").reason == RejectReason.TOO_LARGE
    assert reject(TEXT, "a.txt", max_bytes=20).reason == RejectReason.TOO_LARGE
    twice = gzip.compress(b"first half, ") + gzip.compress(b"second half")
    assert page(twice, "a.txt.gz").body == "first half, second half"


def test_a_broken_line_rejects_that_line_alone() -> None:
    lines = [{"id": "one", "text": "First."}, None, {"id": "two", "text": "Second."}, {"id": "one", "text": "Third."}]
    data = "\n".join("{broken" if line is None else json.dumps(line) for line in lines) + "\n\n7"
    found = read(data, "many.jsonl")
    assert [type(f).__name__ for f in found] == ["Page", "Reject", "Page", "Reject", "Reject"]
    assert [f.article_key for f in found if isinstance(f, Page)] == ["one", "two"]
    reasons = [f.reason for f in found if isinstance(f, Reject)]
    assert reasons == [RejectReason.MALFORMED, RejectReason.DUPLICATE_KEY, RejectReason.MALFORMED]
    assert isinstance(found[1], Reject)
    assert found[1].detail.startswith("line 2 ")


NEWS_PLEASE = {
    "authors": ["Ann Example", "Ben Sample"],
    "date_download": "2024-01-01 00:00:00",
    "date_publish": "2023-06-15 10:17:00",
    "filename": "x.json",
    "language": "en",
    "maintext": "The last troops left.",
    "source_domain": "courier.example",
    "text": None,
    "title": "Troops leave",
    "url": "https://courier.example/1",
}
NEWSPAPER4K = {
    "title": "Troops leave",
    "text": "The last troops left.",
    "authors": ["Ann Example", "Ben Sample"],
    "publish_date": "2023-06-15T10:17:00+00:00",
    "source_url": "https://courier.example",
    "url": "https://courier.example/1",
    "meta_lang": "en",
}
TRAFILATURA = {
    "title": "Troops leave",
    "author": "Ann Example, Ben Sample",
    "hostname": "courier.example",
    "date": "2023-06-15",
    "id": None,
    "raw_text": "troops",
    "text": "The last troops left.",
    "language": "en",
    "source": "https://courier.example/1",
    "source-hostname": "courier.example",
}


@pytest.mark.parametrize(
    "record", [NEWS_PLEASE, NEWSPAPER4K, TRAFILATURA], ids=["news-please", "newspaper4k", "trafilatura"]
)
def test_crawlers_output_is_read_as_it_is(record: dict[str, object]) -> None:
    found = page(json.dumps([record]), "crawl.json")
    assert (found.title, found.body) == ("Troops leave", "The last troops left.")
    assert (found.byline, found.outlet) == ("Ann Example, Ben Sample", "courier.example")
    assert (found.url, found.published) == ("https://courier.example/1", date(2023, 6, 15))
    assert (found.published_source, found.language) == ("metadata", "en")


def test_an_array_in_an_object_and_markup_in_a_field() -> None:
    answer = {"status": "ok", "articles": [{"content": "<p>First.</p><p>Second.</p>", "source": {"name": "Courier"}}]}
    found = page(json.dumps(answer), "api.json")
    assert found.body == "First.\n\nSecond."
    assert found.outlet == "Courier"
    assert page(json.dumps({"title": "T", "html": HTML}), "raw.json").kind == "html"


def test_feeds_give_an_entry_each() -> None:
    first, second = read(RSS, "feed.xml")
    assert isinstance(first, Page) and isinstance(second, Page)
    assert first.body == "The last troops left.\n\nNobody was hurt."
    assert (first.title, first.outlet, first.published) == ("Troops leave", "Valley Courier", date(2023, 6, 15))
    assert [first.article_key, second.article_key] == ["feed.xml#c-1", "feed.xml#c-2"]


def test_markdown_with_front_matter() -> None:
    found = page(MARKDOWN, "a.md")
    assert found.body == "Troops leave the valley\n\nThe last troops left on Monday."
    assert (found.title, found.byline) == ("Troops leave the valley", "Ann Example, Ben Sample")
    assert (found.outlet, found.published) == ("Valley Courier", date(2009, 2, 3))
    assert markdown_text("# One\n> said\n\n- *a*\n- b\n\n---\n![p](q.png)") == ("One", "One\n\nsaid\n\n- a\n\n- b")


def test_web_archives_give_their_pages_and_break_off_where_they_are_broken() -> None:
    good = web_archive(*((f"https://courier.example/{n}", "200 OK", HTML) for n in (1, 2)), packed=True)
    assert [p.article_key for p in read(good, "a.warc.gz")] == [
        "a.warc.gz#https://courier.example/1",
        "a.warc.gz#https://courier.example/2",
    ]
    plain = web_archive(*((f"https://courier.example/{n}", "200 OK", HTML) for n in (1, 2)))
    cut = plain.replace(b"</body>", b"</body>longer than it says", 1)
    found = read(cut, "b.warc")
    assert isinstance(found[-1], Reject)
    assert found[-1].reason == RejectReason.MALFORMED


def test_a_sidecar_overrules_and_a_broken_one_is_told() -> None:
    sidecar = json.dumps({"title": "Stated", "published": "2023-06-15", "outlet": "Courier", "byline": "Ann"}).encode()
    found = page(TEXT, "a.txt", sidecar=sidecar)
    assert (found.title, found.byline, found.outlet, found.published) == ("Stated", "Ann", "Courier", date(2023, 6, 15))
    assert found.content_hash != page(TEXT, "a.txt").content_hash
    good, bad = read(TEXT, "a.txt", sidecar=b"{broken")
    assert isinstance(good, Page)
    assert isinstance(bad, Reject)
    assert (bad.source_path, bad.reason) == ("a.txt", RejectReason.MALFORMED)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_text_is_read_in_its_encoding(encoding: str) -> None:
    text = "“Café” – the minister’s naïve plan\n" * 4
    assert page(text.encode(encoding), "a.txt").body == text


def test_declared_encodings_and_mixed_bytes() -> None:
    russian = '<html><head><meta charset="windows-1251"></head><body><p>Войска ушли из долины.</p></body></html>'
    assert "Войска ушли" in page(russian.encode("cp1251"), "a.html").body
    assert page("Сегодня ".encode() + b"caf\xe9", "a.txt").body == "Сегодня café"
    assert page('{"text": "a \\ud800 b"}', "a.json").body == "a \ufffd b"
    assert page(b"smile \xed\xa0\xbd\xed\xb8\x80", "a.txt").body == "smile \U0001f600"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("itâ€™s a â€œdealâ€\u009d", "it’s a “deal”"),
        ("‘curly’ “quotes” ﬁ Ａ", "‘curly’ “quotes” ﬁ Ａ"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("a\u200bb\u202ec\u2066d\ufeffe\u00adf\U000e0041g", "abcdefg"),
        ("a\r\nb\rc\u2028d\x0be\x0cf\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("cafe\u0301", "café"),
        ("\x1b[31mred\x1b[0m\x07", "red"),
        ("x" + "\u0301" * 5000, "x\u0301".replace("x\u0301", "x") + "\u0301" * 8),
    ],
)
def test_what_nobody_sees_goes_and_the_rest_stays(raw: str, clean: str) -> None:
    assert normalise(raw) == clean
    assert normalise(clean) == clean


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2023-06-15T23:59:00Z", date(2023, 6, 15)),
        ("20230615", date(2023, 6, 15)),
        ("20230615T101700Z", date(2023, 6, 15)),
        ("03-02-2009", date(2009, 2, 3)),
        ("02/13/2009", date(2009, 2, 13)),
        ("13.2.09", date(2009, 2, 13)),
        ("15 Jun 2023 10:17", date(2023, 6, 15)),
        ("June 15th, 2023", date(2023, 6, 15)),
        ("Thu, 15 Jun 2023 10:17:00 +0000", date(2023, 6, 15)),
        (1686824220, date(2023, 6, 15)),
        ("1686824220000", date(2023, 6, 15)),
        ("31-02-2009", None),
        ("June 2023", None),
        ("0000-00-00", None),
        (True, None),
        (None, None),
        ({"day": 1}, None),
    ],
)
def test_a_stated_day_in_any_usual_form(stated: object, day: date | None) -> None:
    assert parse_stated_day(stated) == day


def test_month_first_where_that_is_set() -> None:
    assert parse_stated_day("03-02-2009", day_first=False) == date(2009, 3, 2)
    assert parse_stated_day("25-02-2009", day_first=False) == date(2009, 2, 25)
