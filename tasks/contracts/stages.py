"""What the stages of a run hand each other: work to do, and references to what was done."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from tasks.contracts.records import Correction, VocabularyFile
from tasks.contracts.refs import Ref
from tasks.contracts.tables import Column, Table

PAGES = Table(
    "pages",
    "Documents as they came, before cleaning.",
    tuple(
        Column(name, pa.date32() if name == "published" else pa.string(), nullable, meaning)
        for name, nullable, meaning in (
            ("article_key", False, "The record's own id, else the path."),
            ("source_path", False, "Path within the seeds folder."),
            ("content_hash", False, "BLAKE2 hash of the input's bytes."),
            ("kind", False, "text, html or record."),
            ("body", False, "The document."),
            ("title", True, "Stated headline."),
            ("byline", True, "Stated author."),
            ("outlet", True, "Stated outlet."),
            ("url", True, "Stated address."),
            ("published", True, "Stated day of publication."),
            ("published_source", False, "Where that day comes from."),
            ("language", True, "Stated language."),
        )
    ),
    key=("source_path", "article_key"),
)

SPANS = Table(
    "spans",
    "Where the sentences of the articles stand.",
    (
        Column("article_key", pa.string(), False, "The article."),
        Column("sentence_index", pa.int32(), False, "Number of the sentence, from 0."),
        Column("start", pa.int32(), False, "Where it starts in articles.text."),
        Column("end", pa.int32(), False, "Where it ends in articles.text."),
    ),
    key=("article_key", "sentence_index"),
)


@dataclass(frozen=True, slots=True)
class FileItem:
    """An input file to process: its path within the seeds folder and its stamp (size and time) when it was listed."""

    source_path: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Files processed together. `stored` batches start from the texts of the current version, not from the files."""

    number: int
    of: int
    stored: bool
    folder: str
    items: tuple[FileItem, ...]
    corrections: tuple[Correction, ...] = ()
    vocabulary: tuple[VocabularyFile, ...] = ()

    def __str__(self) -> str:
        return f"batch {self.number} of {self.of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What ingest hands on."""

    pages: Ref
    ledger: Ref
    rejects: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What clean (or recall, for stored texts) hands on."""

    articles: Ref
    dropped_lines: Ref
    rejects: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What extract hands on."""

    articles: Ref
    sentences: Ref
    events: Ref
    rejects: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What validate hands on; `results` is the path of the checks' results as JSON, `stop` why nothing may follow.

    Of batches that were checked together the first has the results and `stop` of all.
    """

    articles: Ref
    sentences: Ref
    events: Ref
    rejects: Ref
    results: str
    stop: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A batch whose events are found, and what its stages have handed on."""

    batch: Batch
    ingested: Ingested
    cleaned: Cleaned
    extracted: Extracted


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Worked):
    """Everything that a batch leaves for publish."""

    validated: Validated
