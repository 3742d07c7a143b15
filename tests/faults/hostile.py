"""Hostile input: files as careless and as evil as they come, made here, each with what has to become of it.

`hostile.csv` holds the expected outcome of each: published, a reject's reason, or skipped (not listed at all).
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.corpus import article, drop

NEWS = article(3).decode()
BODY = "The army of Chad attacked rebels near the border on Friday, officials said. Two soldiers were killed. "
CHARACTERS = "(\"$!-/.@:'`[]{}<>#%^&*_=+|\\~,;?0aé€…—“”‘’«»¿¡§¶•™\u0301\u200b\u202e\ufeff\ufffd\u00a0\u2028☃中ا"
FLAG, SNOWMAN, FAMILY = "🇺🇳", "☃️", "👨‍👩‍👧‍👦"
RUNS = {
    "flags": FLAG,
    "snowmen": SNOWMAN,
    "families": FAMILY,
    "a-": "a-",
    "a@a@": "a@a@",
    "can't": "can't",
    "1.1.": "1.1.",
    "1,": "1,",
    "((a))": "((a))",
    "quotes": "\"'“",
    "url": "http://a.b/?c=d&",
    "url chain": "https://example.org/a.b.c ",
    "mail": "a.b@c.d ",
    "abbreviations": "U.S. ",
    "initials": "A. B. ",
    "dates": "3 May 2024 ",
    "iso": "2024-05-03",
    "months": "May May ",
    "and": "and ",
    "of the": "of the ",
    "commas": "Rebels, ",
    "breaks": "\n\n",
    "breaks and spaces": " \n \t",
    "words": "word ",
    "capitals": "WORD ",
    "Title": "Word ",
    "sentences": "Rebels left. ",
    "by": "By Ada Noll\n",
    "share": "Share\n",
    "read more": "Read more: a story\n",
    "captions": "A man (Photo: AP)\n",
    "tags": "Tags: a, b\n",
    "pipes": "Home | World | Asia\n",
    "lists": "- one\n",
    "tabs": "a\tb\t",
    "html open": "<div>",
    "html script": "<script>",
    "comment": "<!--",
    "entity": "&amp;",
    "braces": '{"a":',
    "brackets": "[",
    "zalgo": "a" + "\u0301" * 50,
    "digits": "1234567890",
    "hex": "0x4a6f",
    "base64": "QmFzZTY0IGlz",
    "money": "$1.5m ",
    "percent": "5% ",
    "ellipsis": "... ",
    "dashes": "--- ",
    "underscores": "___",
    "killed": "killed two and ",
    "said": "he said that ",
    "who": "who ",
}


def make(folder: Path) -> None:
    """Writes the whole corpus; names tell what a file is."""
    for name, data in files():
        drop(folder / name, data)
    odd_entries(folder / "odd")
    odd_names(folder / "names")


def files() -> Iterator[tuple[str, bytes]]:
    """Regular files by name."""
    for part in (_emptiness, _binaries, _encodings, _controls, _lengths, _records, _pages, _dates):
        for name, data in part():
            yield f"{part.__name__.strip('_')}/{name}", data
    for number, c in enumerate(CHARACTERS):
        yield f"characters/{number:02d}-{ord(c):04x}-alone.txt", c.encode() * (100_000 // len(c.encode()))
        yield f"characters/{number:02d}-{ord(c):04x}-inside.txt", (NEWS + BODY + c * 2_000 + " " + BODY).encode()
    for number, (name, run) in enumerate(RUNS.items()):
        slug = "".join(c if c.isalnum() else "_" for c in name)
        yield f"runs/{number:02d}-{slug}.txt", (run * (100_000 // len(run))).encode()
        yield f"runs/{number:02d}-{slug}-after-news.txt", (NEWS + "\n" + run * (20_000 // len(run))).encode()
    for name in ("a-", "((a))", "words", "1.1.", "sentences", "html open", "quotes"):
        yield f"megabytes/{name}.txt", (RUNS[name] * (1_000_000 // len(RUNS[name]))).encode()


def _emptiness() -> Iterator[tuple[str, bytes]]:
    yield from {
        "nothing.txt": b"",
        "spaces.txt": b"   \n\n\t \n",
        "bom.txt": b"\xef\xbb\xbf",
        "bom16.txt": b"\xff\xfe",
        "nul.txt": b"\0" * 1000,
        "word.txt": b"word",
        "letter.txt": b"a",
        "number.txt": b"42\n",
        "punctuation.txt": b"... !!! ???\n",
        "unseen.txt": "\u200b\u200d\u2060".encode() * 100,
        "navigation.txt": b"Home\nWorld\nSport\nShare\nTweet\n",
        "nothing.json": b"",
        "object.json": b"{}",
        "array.json": b"[]",
        "null.json": b"null",
        "lines.jsonl": b"\n\n\n",
        "nothing.html": b"<html></html>",
        "nothing.rss": b"<rss></rss>",
        "nothing.md": b"---\n---\n",
        "nothing.warc": b"WARC/1.0\r\n\r\n",
        "nothing.txt.gz": gzip.compress(b""),
    }.items()


def _binaries() -> Iterator[tuple[str, bytes]]:
    noise = random.Random(3).randbytes(20_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.txt", BODY * 100)
    magics = {
        "png": b"\x89PNG\r\n\x1a\n",
        "jpeg": b"\xff\xd8\xff\xe0",
        "gif": b"GIF89a",
        "pdf": b"%PDF-1.7\n",
        "elf": b"\x7fELF",
        "zip": packed.getvalue(),
        "bzip2": b"BZh9",
        "xz": b"\xfd7zXZ\0",
        "zstd": b"(\xb5/\xfd",
        "ole": b"\xd0\xcf\x11\xe0",
        "rtf": b"{\\rtf1 ",
        "parquet": b"PAR1",
        "noise": b"",
        "sqlite": b"SQLite format 3\0",
        "pickle": b"\x80\x04\x95",
    }
    for name, magic in magics.items():
        yield f"{name}.txt", magic + noise
        yield f"{name}.html", magic + noise
    yield "gzip named txt.txt", gzip.compress(NEWS.encode())
    yield "bomb.txt.gz", gzip.compress(b"word " * 4_000_000)
    yield "bomb of bombs.txt.gz", gzip.compress(gzip.compress(b"\0" * 10_000_000))
    yield "good.txt.gz", gzip.compress(NEWS.encode())
    yield "cut.txt.gz", gzip.compress(NEWS.encode() * 50)[:200]
    yield "crc.txt.gz", gzip.compress(NEWS.encode())[:-8] + b"12345678"
    yield "not.txt.gz", NEWS.encode()


def _encodings() -> Iterator[tuple[str, bytes]]:
    text = NEWS + "Café Zürich said “no” – naïve façade. " * 3
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        yield f"{encoding}.txt", text.encode(encoding)
    for encoding in ("latin-1", "cp1252", "mac-roman", "cp437", "cp1250"):
        yield f"{encoding}.txt", text.encode(encoding, "replace")
    for encoding, words in (("shift-jis", "外務大臣は声明を発表した。" * 40), ("gbk", "外交部发言人表示。" * 40),
                            ("koi8-r", "Министр заявил об этом. " * 40), ("cp1251", "Министр заявил. " * 40),
                            ("euc-kr", "장관은 성명을 발표했다. " * 40), ("big5", "外交部發言人表示。" * 40)):  # fmt: skip
        yield f"{encoding}.txt", words.encode(encoding, "replace")
    yield "mixed.txt", NEWS.encode() + "Café naïve. ".encode("cp1252") * 3 + "Zürich. ".encode()
    yield "overlong.txt", NEWS.encode() + b"\xc0\xaf\xe0\x80\xaf" * 3
    yield "cesu.txt", NEWS.encode() + b"\xed\xa0\xbd\xed\xb8\x80 smile."
    yield "lone surrogate.txt", NEWS.encode() + b"\xed\xa0\x80 end."
    yield "cut in a letter.txt", (NEWS + "é").encode()[:-1]
    yield "replacement.txt", (NEWS + "\ufffd" * 40).encode()
    yield "ff.txt", NEWS.encode() + b"\xff" * 10
    yield "utf-7.txt", NEWS.encode("utf-7")
    yield "rot.txt", bytes(b ^ 0x80 for b in NEWS.encode())
    yield "odd utf-16.txt", NEWS.encode("utf-16") + b"x"


def _controls() -> Iterator[tuple[str, bytes]]:
    for code in [*range(1, 32), 0x7F, 0x85, 0x9B]:
        c = chr(code)
        yield f"c{code:02x}.txt", (NEWS + f"Rebels{c}attacked{c} Aden on Friday.\n").encode()
    for name, c in {"rlo": "\u202e", "lri": "\u2066", "zwsp": "\u200b", "zwj": "\u200d", "shy": "\xad", "tag": "\U000e0041",
                    "vs16": "\ufe0f", "ls": "\u2028", "ps": "\u2029", "nbsp": "\xa0", "ideographic": "\u3000",
                    "bom inside": "\ufeff", "object": "\ufffc", "annotation": "\ufff9", "mongolian": "\u180e",
                    "noncharacter": "\uffff", "private": "\ue000", "cgj": "\u034f", "hangul filler": "\u3164"}.items():  # fmt: skip
        yield f"{name}.txt", (NEWS + f"Re{c}bels attacked{c} Aden{c} on Friday.\n" * 5).encode()
    yield "ansi.txt", (NEWS + "\x1b[31mRebels\x1b[0m attacked \x1b]0;evil\x07 Aden.\n").encode()
    yield "cr only.txt", NEWS.replace("\n", "\r").encode()
    yield "crlf.txt", NEWS.replace("\n", "\r\n").encode()
    yield "full width.txt", (NEWS + "Ｒｅｂｅｌｓ attacked Ａｄｅｎ.").encode()
    yield "homoglyphs.txt", (NEWS + "Rеbеls аttасkеd Аdеn.").encode()
    yield "ligatures.txt", (NEWS + "The oﬃcial ﬁred.").encode()
    yield "decomposed.txt", (NEWS + "Cafe\u0301 Zu\u0308rich condemned it.").encode()


def _lengths() -> Iterator[tuple[str, bytes]]:
    yield "a line of 500 kB.txt", (BODY * 5_000).encode()
    yield "a sentence of 10,000 words.txt", ("Rebels attacked " + "and bombed " * 5_000 + "Aden.").encode()
    yield "no sentence end.txt", ("rebels and soldiers of the army " * 10_000).encode()
    yield "no punctuation.txt", (NEWS + "the army attacked the rebels " * 500).encode()
    yield "capitals.txt", NEWS.upper().encode()
    yield "one word of 100 kB.txt", b"a" * 100_000
    yield "words a line.txt", ("\n".join(BODY.split() * 500)).encode()
    yield "20,000 lines.txt", ("Rebels left.\n" * 20_000).encode()
    yield "20,000 paragraphs.txt", ("Rebels left Aden.\n\n" * 20_000).encode()
    yield "over the limit.txt", b"word " * 1_100_000
    yield "same sentence 1,000 times.txt", (BODY * 1_000).encode()
    yield "poem.txt", b"Roses are red\nViolets are blue\n" * 20
    yield "csv.txt", b"a,b,c\n1,2,3\n" * 500
    yield "code.txt", b"def f(x):\n    return x + 1\n\n" * 200
    yield "log.txt", b"2024-05-03 12:00:00 ERROR dateline: evil\n" * 200


def _records() -> Iterator[tuple[str, bytes]]:
    def record(**values: object) -> bytes:
        return json.dumps({"id": "r", "title": "T", "published": "2024-05-03", "text": BODY * 3} | values).encode()

    deep = b'{"a":' * 20_000 + b"1" + b"}" * 20_000
    yield from {
        "good.json": record(id="good"),
        "cut.json": record(id="cut")[:-20],
        "deep.json": deep,
        "deep array.json": b"[" * 100_000,
        "nan.json": b'{"id": NaN, "text": Infinity}',
        "big number.json": b'{"id": ' + b"9" * 10_000 + b', "text": "Rebels attacked Aden on Friday."}',
        "surrogate.json": b'{"id": "s\\ud800", "text": "Rebels \\ud800 attacked Aden on Friday, officials said."}',
        "nul.json": b'{"id": "n\\u0000", "text": "Rebels \\u0000 attacked Aden on Friday, officials said."}',
        "same keys.json": b'{"id": "k", "text": "one", "text": "Rebels attacked Aden on Friday, officials said."}',
        "text is a list.json": record(id="l", text=[BODY]),
        "text is a number.json": record(id="m", text=42),
        "id is an object.json": record(id={"a": 1}),
        "id of 10 kB.json": record(id="i" * 10_000),
        "id is a path.json": record(id="../../etc/passwd"),
        "id is markup.json": record(id="<script>alert(1)</script>"),
        "title of 1 MB.json": record(id="t", title="T" * 1_000_000),
        "title is markup.json": record(id="u", title="<img src=x onerror=alert(1)>"),
        "title is a formula.json": record(id="f", title="=cmd|' /C calc'!A0"),
        "title has lines.json": record(id="g", title="T\nERROR forged: line"),
        "31 February.json": record(id="d", published="2024-02-31"),
        "year 0.json": record(id="y0", published="0000-01-01"),
        "year 9999.json": record(id="y9", published="9999-12-31"),
        "year 99999.json": record(id="y99", published="99999-12-31"),
        "published is a number.json": record(id="e", published=1e300),
        "url is script.json": record(id="v", url="javascript:alert(1)"),
        "language is long.json": record(id="la", language="x" * 1000),
        "string.json": b'"Rebels attacked Aden"',
        "number.json": b"42",
        "mixed.jsonl": record(id="m1") + b"\nnot json\n" + record(id="m2") + b"\n{}\n",
        "same id.jsonl": record(id="s1") + b"\n" + record(id="s1"),
        "10,000 lines.jsonl": b"\n".join(json.dumps({"id": n, "text": ""}).encode() for n in range(10_000)),
        "yaml bomb.md": b"---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n---\n" + NEWS.encode(),
        "yaml tag.md": b"---\ntitle: !!python/object/apply:os.system [id]\n---\n" + NEWS.encode(),
        "yaml broken.md": b"---\ntitle: [\n---\n" + NEWS.encode(),
        "front matter of 1 MB.md": b"---\n" + b"a: b\n" * 200_000 + b"---\n" + NEWS.encode(),
        "no end.md": b"---\ntitle: x\n" + NEWS.encode(),
    }.items()


def _pages() -> Iterator[tuple[str, bytes]]:
    body = f"<h1>Rebels attack</h1><p>{BODY * 3}</p><p>{BODY}</p>"

    def page(inside: str) -> bytes:
        return f"<!doctype html><html><head><title>T</title></head><body>{inside}</body></html>".encode()

    laughs = '<!DOCTYPE lolz [<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    outside = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield from {
        "good.html": page(body),
        "script.html": page(f"<script>while(1);</script>{body}"),
        "markup in the title.html": page(body).replace(b"<title>T", b"<title>&lt;script&gt;alert(1)&lt;/script&gt;"),
        "never closed.html": page("<div>" * 2_000 + body),
        "100,000 open tags.html": page("<b>" * 100_000 + body),
        "nested tables.html": page("<table><tr><td>" * 1_000 + body),
        "attributes.html": page(f"<p {'a=1 ' * 50_000}>x</p>{body}"),
        "comment never closed.html": page(body + "<!--" + "x" * 100_000),
        "entities.html": page("&amp;" * 50_000 + body),
        "data address.html": page(f'<img src="data:image/png;base64,{"A" * 200_000}">{body}'),
        "laughs.xml": f"{laughs}]><rss><channel><item><title>&j;</title></item></channel></rss>".encode(),
        "outside.xml": f"{outside}<rss><channel><item><title>&x;</title></item></channel></rss>".encode(),
        "laughs.xhtml": f"{laughs}]><html><body><p>&j;</p></body></html>".encode(),
        "outside.html": f"{outside}<html><body><p>&x;</p>{body}</body></html>".encode(),
        "feed.rss": f"<rss><channel><item><title>Rebels</title><description>{BODY * 3}</description></item></channel></rss>".encode(),
        "broken.rss": b"<rss><channel><item><title>x",
        "1,000 entries.rss": ("<rss><channel>" + f"<item><title>t</title><description>{BODY}</description></item>" * 1_000 + "</channel></rss>").encode(),
        "lying charset.html": page(body).replace(b"<head>", b'<head><meta charset="utf-16">'),
        "evil charset.html": page(body).replace(b"<head>", b'<head><meta charset="unicode_escape">'),
        "json-ld.html": page(f'<script type="application/ld+json">{"[" * 5_000}</script>{body}'),
        "svg.html": page(f"<svg onload=alert(1)>{body}</svg>"),
        "frames.html": b"<frameset><frame src=//evil.example></frameset>",
        "text named html.html": NEWS.encode(),
        "html named txt.txt": page(body),
        "json named txt.txt": json.dumps({"text": BODY * 3}).encode(),
        "unknown.docx": NEWS.encode(),
        "no ending": NEWS.encode(),
        "warc broken.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + page(body),
        "warc noise.warc": random.Random(5).randbytes(5_000),
    }.items()  # fmt: skip


def _dates() -> Iterator[tuple[str, bytes]]:
    for number, phrase in enumerate(
        (
            "31 February 2024",
            "0 May 2024",
            "1 May 0000",
            "31 December 9999",
            "1/1/99",
            "99/99/9999",
            "yesterday",
            "٣ مايو ٢٠٢٤",
            "the 400th of May",
            "10000 years ago",
            "99999999999 days ago",
            "in the year 3000",
            "29 February 2023",
            "May 3rd-31st-99th",
            "Friday the 13th",
            "last last last week",
            "2024-13-45",
            "2024-W99",
            "24:61 on Friday",
            "-1 May 2024",
        )  # fmt: skip
    ):
        yield (
            f"{number:02d}.txt",
            f"Rebels attack\n\nRebels attacked Aden on {phrase}. {BODY} It began {phrase}.\n".encode(),
        )


def odd_entries(folder: Path) -> None:
    """What is no regular file, or should not be listed."""
    folder.mkdir(parents=True, exist_ok=True)
    drop(folder / "kept.txt", NEWS.replace("report", "kept").encode())
    links: dict[str, str] = {
        "outside.txt": "/etc/passwd",
        "inside.txt": "kept.txt",
        "loop.txt": "loop.txt",
        "dangling.txt": "nowhere.txt",
        "zero.txt": "/dev/zero",
        "folder.txt": "/etc",
        "proc.txt": "/proc/self/environ",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    (folder / "kept.txt.meta.json").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as s, contextlib.chdir(folder):
        s.bind("socket.txt")
    (folder / "a folder.txt").mkdir()
    drop(folder / "a folder.txt" / "in it.txt", NEWS.replace("report", "in a folder").encode())
    os.link(folder / "kept.txt", folder / "hard link.txt")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(5_000_000_000)
    for name in (".hidden.txt", "a.txt.part", "b.tmp", "c.txt~", ".d.txt.swp", "e.crdownload", "README.md"):
        drop(folder / name, NEWS.encode())


def odd_names(folder: Path) -> None:
    """Names that break shells, logs, pages and tables."""
    names: list[str | bytes] = [
        "new\nline.txt", "tab\t.txt", "--rebuild.txt", "n" * 250 + ".txt", "<script>alert(1)</script>.txt".replace("/", "_"),
        "=cmd().txt", "; rm -rf x.txt", "$(id).txt", "`id`.txt", "rtl\u202etxt.exe.txt", "caf\u00e9.txt", "cafe\u0301.txt",
        "a'b\"c.txt", "{0}{x}%s.txt", "[red]x[/red].txt", "\x1b[31mred.txt", "CON.txt", "a\\b.txt", " lead.txt", "🏴.txt",
        "#.txt", "a#b.txt", "a?b=c.txt", "%2e%2e.txt", "UPPER.TXT", "many.dots.in.it.txt", b"\xff\xfe.txt", b"lat\xe9n.txt",
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))
        drop(path, NEWS.replace("report", f"name {number}").encode())
    deep = folder
    for _ in range(60):
        deep = deep / "deep"
    drop(deep / "a.txt", NEWS.replace("report", "deep").encode())


Maker = Callable[[], Iterator[tuple[str, bytes]]]
