"""The closed vocabularies of the tables: event types, sectors, modalities, reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class TypeFacts(NamedTuple):
    """What an event type stands for: its quad class (0 to 4) and its Goldstein value (-10 to 10)."""

    quad_class: int | None
    goldstein: float | None


# PLOVER's types with the Goldstein value of the CAMEO root they come from; the last two are Dateline's own.
EVENT_TYPES: dict[str, TypeFacts] = {
    "AGREE": TypeFacts(1, 4.0),
    "CONSULT": TypeFacts(1, 1.0),
    "SUPPORT": TypeFacts(1, 3.5),
    "CONCEDE": TypeFacts(1, 5.0),
    "COOPERATE": TypeFacts(2, 6.0),
    "AID": TypeFacts(2, 7.0),
    "RETREAT": TypeFacts(2, 5.0),
    "REQUEST": TypeFacts(3, -5.0),
    "ACCUSE": TypeFacts(3, -2.0),
    "REJECT": TypeFacts(3, -4.0),
    "THREATEN": TypeFacts(3, -6.0),
    "PROTEST": TypeFacts(4, -6.5),
    "SANCTION": TypeFacts(4, -4.0),
    "MOBILIZE": TypeFacts(4, -7.2),
    "COERCE": TypeFacts(4, -7.0),
    "ASSAULT": TypeFacts(4, -9.5),
    "STATEMENT": TypeFacts(0, 0.0),
    "OTHER": TypeFacts(None, None),
}

SECTORS: dict[str, str] = {
    "GOV": "government, the executive",
    "MIL": "armed forces",
    "COP": "police",
    "SPY": "intelligence services",
    "JUD": "courts and prosecutors",
    "LEG": "parliament and its members",
    "PTY": "political party in or near power",
    "REB": "rebels and insurgents",
    "PRM": "paramilitaries and militias",
    "UAF": "armed men of unknown side",
    "OPP": "political opposition",
    "CVL": "civilians",
    "BUS": "business",
    "EDU": "education",
    "JRN": "journalists and media",
    "LAB": "labour",
    "MED": "medical staff",
    "REF": "refugees",
    "REL": "religious bodies",
    "AGR": "farming",
    "CRM": "criminals",
    "ELI": "elites, former officials",
    "SOC": "civil society",
    "IGO": "intergovernmental organisation",
    "NGO": "non-governmental organisation",
    "UNK": "unknown",
}

MODALITIES = ("asserted", "negated", "planned", "requested", "hypothetical")
DATE_PRECISIONS = ("day", "week", "month", "quarter", "year", "decade")
DATE_SOURCES = ("explicit", "relative", "dateline", "publication", "none")
PLACE_PRECISIONS = ("site", "city", "region", "country")
PLACE_SOURCES = ("clause", "dateline", "article")
PUBLISHED_SOURCES = ("metadata", "text", "inferred", "file", "none")


class RejectReason(StrEnum):
    """Why an input or a row is not in the tables."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    NOT_TEXT = "not text"
    UNDECODABLE = "undecodable"
    UNREADABLE = "unreadable"
    NOT_REGULAR_FILE = "not a regular file"
    UNKNOWN_KIND = "unknown kind of file"
    MALFORMED = "malformed"
    NO_ARTICLE_TEXT = "no article text"
    DUPLICATE_KEY = "duplicate key"
    CHANGED_WHILE_READ = "changed while read"
    CLEANING_FAILED = "cleaning failed"
    EXTRACTION_FAILED = "extraction failed"
    EXPECTATION = "expectation"
    CORRECTION = "rejected by a correction"


class DropReason(StrEnum):
    """Why cleaning removed a line of a page."""

    NAVIGATION = "navigation"
    TICKER = "ticker"
    RELATED = "related story"
    READ_MORE = "read more"
    CAPTION = "caption"
    CREDIT = "credit"
    SHARE = "share bar"
    TAGS = "tag list"
    METADATA = "metadata"
    TITLE = "title"
    NEWSLETTER = "newsletter"
    COOKIES = "cookie notice"
    COMMENTS = "comments"
    ADVERTISEMENT = "advertisement"
    FOOTER = "footer"
    REPEATED = "repeated"
    NOT_ARTICLE = "not the article"


class SentenceOutcome(StrEnum):
    """What a sentence gave: events, or the reason why there is none."""

    EVENTS = "events"
    NO_VERB = "no verb or event noun"
    STATIVE = "stative or descriptive"
    NO_PARTICIPANT = "nobody acts or undergoes"
    NOT_ENGLISH = "not English"
    COPY = "copy of another article"
    TOO_LONG = "too long to parse"
