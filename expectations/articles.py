"""What must hold of the table articles."""

from __future__ import annotations

import pyarrow as pa

from expectations.facts import (
    Column,
    Flags,
    codes,
    every,
    first_of_key,
    flags,
    given,
    no_empty_text,
    pc,
    required_given,
    true_of_distinct,
)
from expectations.suite import Rule, between, columns_present, filled, holds, in_set
from tasks.contracts.codes import PUBLISHED_SOURCES
from tasks.contracts.tables import ARTICLES

REQUIRED = tuple(c.name for c in ARTICLES.columns if not c.nullable)
TEXTS = tuple(c.name for c in ARTICLES.columns if pa.types.is_string(c.type))
LANGUAGE = r"[a-z]{2,3}"
# C0 controls but tab and newline, DEL and C1: they can steer a terminal that shows them.
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]"

RULES: tuple[Rule, ...] = (
    *filled(REQUIRED, TEXTS),
    holds("article_key is unique", "key_is_first", ["article_key"], "of rows with one key the first is kept"),
    holds(
        "source_path is inside the seeds folder",
        "path_is_inside",
        ["source_path"],
        "a path that leads out of the folder would name a file that was never given",
    ),
    holds("text is not blank", "text_is_not_blank", ["text"], "an article without text is a rejected input"),
    between(
        "published",
        1600,
        2199,
        "the first newspaper is of 1605; a later or earlier year is a misread number",
        cause="input",
    ),
    in_set("published_source", PUBLISHED_SOURCES, "tells how far the date can be trusted"),
    holds(
        "published has a source",
        "published_has_source",
        ["published", "published_source"],
        "a date without a source would be a guess unmarked",
    ),
    holds("language is a code", "language_is_code", ["language"], "ISO 639"),
    between("n_sentences", 0, None, "a count"),
    between("n_events", 0, None, "a count"),
    holds(
        "an article is no copy of itself", "copies_another", ["duplicate_of"], "copies point to the one that is kept"
    ),
    holds(
        "url is a web address",
        "url_is_web",
        ["url"],
        "other schemes run code where a reader clicks them",
        severity="warning",
        cause="input",
    ),
    holds(
        "text has no control characters",
        "no_control",
        ["title", "text"],
        "they steer the terminal that shows them",
        severity="warning",
        cause="input",
    ),
)

TABLE_RULES: tuple[Rule, ...] = (columns_present(c.name for c in ARTICLES.columns),)


def facts(table: pa.Table) -> dict[str, Flags]:
    """The facts that the rules of this table name, one flag a row."""
    none = flags(pc.equal(table.column("published_source"), "none"), null=False)
    return {
        "required_given": required_given(table, REQUIRED),
        "no_empty_text": no_empty_text(table, TEXTS),
        "key_is_first": first_of_key(codes(table.column("article_key"))),
        "path_is_inside": true_of_distinct(table.column("source_path"), _is_inside),
        "text_is_not_blank": ~flags(pc.utf8_is_space(table.column("text")), null=False),
        "published_has_source": given(table.column("published")) != none,
        "language_is_code": flags(pc.match_substring_regex(table.column("language"), f"^{LANGUAGE}$")),
        "copies_another": flags(pc.not_equal(table.column("duplicate_of"), table.column("article_key"))),
        "url_is_web": flags(pc.match_substring_regex(table.column("url"), "^https?://")),
        "no_control": every(~_controls(table.column(name)) for name in ("title", "text")),
    }


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")


def _controls(column: Column) -> Flags:
    return flags(pc.match_substring_regex(column.cast(pa.binary()), CONTROL), null=False)
