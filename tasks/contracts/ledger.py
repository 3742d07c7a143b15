"""What is kept between runs beside the tables: the ledger of input files, what is pending, articles' fingerprints."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from tasks.contracts.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One input file as it was when it was processed; fields as in LEDGER."""

    source_path: str
    stamp: str
    content_hash: str
    articles: int
    rejects: int
    clean_logic: str
    extract_logic: str


LEDGER = Table(
    "ledger",
    "One row per input file: what it was when it was processed, and by which logic.",
    (
        Column("source_path", pa.string(), False, "Path of the input within the seeds folder."),
        Column("stamp", pa.string(), False, "Size and time of the file and its sidecar; '~' first if too fresh."),
        Column("content_hash", pa.string(), False, "BLAKE2 hash of the file's bytes and its sidecar's; '' if unread."),
        Column("articles", pa.int32(), False, "Articles that it gave.", "article"),
        Column("rejects", pa.int32(), False, "Rejects of the file itself and of its rows.", "reject"),
        Column("clean_logic", pa.string(), False, "Digest of the code and settings that read and clean."),
        Column("extract_logic", pa.string(), False, "Digest of the code, lexicons, model and settings that extract."),
    ),
    key=("source_path",),
)

PENDING = Table(
    "pending",
    "One row per input file whose articles the incidents do not take into account yet: between the waves of a run.",
    (
        Column("source_path", pa.string(), False, "Path of the input within the seeds folder."),
        Column("is_new", pa.bool_(), False, "Whether the incidents know no earlier edition of it either."),
    ),
    key=("source_path",),
)

FINGERPRINTS = Table(
    "fingerprints",
    "One row per article: what tells its copies without reading its text again.",
    (
        Column("article_key", pa.string(), False, "The article."),
        Column("source_path", pa.string(), False, "Path of the input within the seeds folder."),
        Column("published", pa.date32(), True, "Day of publication."),
        Column("digest", pa.string(), True, "Digest of its words; null where it has none."),
        Column("sketch", pa.binary(), False, "MinHash of its 5-word shingles; empty for short texts."),
        Column("numbers", pa.list_(pa.field("item", pa.int64(), nullable=False)), False, "Hashes of its numbers."),
    ),
    key=("article_key",),
)
