"""Bytes to clean text: encodings, mis-decoded text, characters that nobody sees. The one place that normalises."""

from __future__ import annotations

import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before UTF-16, whose mark it starts with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What files that are no text start with, and what their owner can do about it.
_MAGIC = (
    (b"\x1f\x8b", "a gzip archive; name it NAME.gz, or unpack it"),
    (b"PK\x03\x04", "a zip archive or office document; unpack it, or save its text as .txt"),
    (b"%PDF-", "a PDF document; save its text as .txt"),
    (b"{\\rtf", "a rich-text document; save its text as .txt"),
    (b"\xd0\xcf\x11\xe0", "an office document; save its text as .txt"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet table; export it as .jsonl"),
    (b"BZh", "a bzip2 archive; unpack it"),
    (b"\xfd7zXZ", "an xz archive; unpack it"),
    (b"(\xb5/\xfd", "a zstandard archive; unpack it"),
)
# surrogateescape marks the byte 0xNN that is no UTF-8 as U+DCNN: read such bytes as cp1252, the encoding of most
# western pages that are no UTF-8; its five unassigned bytes stay unreadable.
_CP1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CESU = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf]")
# Bytes over 0x7F in cp1252 text of western languages stay under 10 %; in Shift-JIS, GBK or KOI8 they are half and more.
_MAX_ESCAPED = 0.25
_MAX_UNREADABLE = 0.01
_MAX_CONTROLS = 0.05

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TERMINAL_ESCAPES = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_MARK = (  # combining marks of Latin, Cyrillic, Hebrew, Arabic and of symbols
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_MARK_RUN = re.compile(f"({_MARK}{{8}}){_MARK}+")
_FIX = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)


class NotTextError(ValueError):
    """The bytes are no text; the message says what they look like and what to do."""


class UndecodableError(ValueError):
    """The bytes are text of an encoding that cannot be told safely; the message says what to do."""


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of `data`: by its byte order mark, as UTF-8, as UTF-16/32 without mark, as `declared`, as cp1252.

    Single bytes that are no UTF-8 inside UTF-8 text are read as cp1252. Raises NotTextError for binaries and
    UndecodableError where too much would stay unreadable. The text is not normalised yet.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise NotTextError(f"the content is not text but {what}")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(encoding, "replace"))
    wide = _wide_encoding(data)
    if wide:
        return _checked(data.decode(wide, "replace"))
    if _CESU.search(data):
        text = data.decode("utf-8", "surrogatepass") if _decodes(data, "utf-8", "surrogatepass") else None
        if text is not None:
            return _checked(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    text = data.decode("utf-8", "surrogateescape")
    escaped = len(_ESCAPED.findall(text))
    if escaped and declared and _decodes(data, declared, "strict"):
        return _checked(data.decode(declared))
    if escaped > _MAX_ESCAPED * len(data) + 4:
        if text.count("\x00") > _MAX_CONTROLS * len(text):
            raise NotTextError("the content is binary, not text")
        raise UndecodableError("neither UTF-8, UTF-16 nor cp1252; save the file as UTF-8")
    return _checked(text.translate(_CP1252))


def normalise(text: str) -> str:
    """The text as every later stage may trust it: NFC, plain spaces, "\\n" line ends, nothing invisible, no surrogates.

    Mis-decoded text ("â€™" for "’") is repaired; quotes, ligatures and widths stay as they are. Applied twice it
    changes nothing more. Time is linear: runs of more than eight combining marks are cut.
    """
    text = _LINE_ENDS.sub("\n", _TERMINAL_ESCAPES.sub("", text))
    if text.isascii():
        return _UNSEEN.sub("", text)
    text = _SPACES.sub(" ", text)
    if is_bad(text):
        text = ftfy.fix_text(text, _FIX)
        text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    text = _UNSEEN.sub("", _SURROGATES.sub("\ufffd", text))
    return unicodedata.normalize("NFC", _MARK_RUN.sub(r"\1", text))


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of its spaces, digits and Latin letters stand."""
    sample = data[:65536]
    zeros = sample.count(0)
    if not zeros or len(data) < 4:
        return None
    by_four = [sample[i::4].count(0) for i in range(4)]
    quarter = len(sample) / 4
    # The upper two bytes of a UTF-32 character are zero in all scripts in use but for rare characters.
    if len(data) % 4 == 0 and min(by_four[2:]) > 0.9 * quarter and by_four[0] < 0.1 * quarter:
        return "utf-32-le"
    if len(data) % 4 == 0 and min(by_four[:2]) > 0.9 * quarter and by_four[3] < 0.1 * quarter:
        return "utf-32-be"
    even, odd = by_four[0] + by_four[2], by_four[1] + by_four[3]
    half = len(sample) / 2
    # Text in other scripts has zero bytes at its spaces alone, one character in six or so.
    if len(data) % 2 == 0 and odd > 0.08 * half and even < 0.02 * odd:
        return "utf-16-le"
    if len(data) % 2 == 0 and even > 0.08 * half and odd < 0.02 * even:
        return "utf-16-be"
    return None


def _decodes(data: bytes, encoding: str, errors: str) -> bool:
    try:
        data.decode(encoding, errors)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _checked(text: str) -> str:
    if text.count("\ufffd") > _MAX_UNREADABLE * len(text) + 3:
        raise UndecodableError("too many characters cannot be read; save the file as UTF-8")
    controls = sum(text.count(chr(code)) for code in (*range(9), *range(14, 27), 28, 29, 30, 31, 127))
    if controls > _MAX_CONTROLS * len(text):
        raise NotTextError("the content is binary, not text")
    return text
