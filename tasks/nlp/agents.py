"""Who a phrase stands for: countries and sectors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from spacy.tokens import Doc, Token

from tasks.lexicon.reader import AgentRow, Lexicon
from tasks.nlp.countries import countries_in, country_of, find_countries
from tasks.nlp.frames import Agent, Phrase

_WORD = re.compile(r"[\w&]+(?:[.'\u2019-][\w&]+)*")
# What follows these names another party: "Russian ambassador to Kyiv", "protests against Israel", "troops in Mali".
_OTHER_PARTY = re.compile(r"\s(to|against|with|towards?|on|about|over|after|by|into|in|at|near|from|inside|along)\s")
_LONGEST_NAME = 6  # words of the longest name in the tables
_FORMER = frozenset({"former", "ex", "ousted", "deposed", "late", "retired"})
_POLITE = frozenset({"mr", "mr.", "mrs", "mrs.", "ms", "dr", "sir", "lord", "lady", "sheikh", "ayatollah", "mullah"})
_STATE_SECTORS = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG"})
_FAR_LEFT = 4  # tokens before a surname that may hold its nationality: "Georgian President Eduard Shevardnadze"


def code_agent(phrase: Phrase, doc: Doc, *, lexicon: Lexicon) -> Agent:
    """The countries and sectors that the phrase names; empty where it names none.

    A country or capital alone stands for its government. A surname takes the country that the article or the table of
    leaders gives it, an institution ("the parliament") that of an article which names one country only.
    """
    tokens = list(doc[phrase.start : phrase.end])
    head = doc[phrase.head] if phrase.start <= phrase.head < phrase.end else tokens[-1] if tokens else None
    text = phrase.text if phrase.name is None else f"{phrase.name}; {phrase.text}"
    written = _WORD.findall(text)
    words = [word.lower() for word in written]
    organisations = [row for row, _, _ in _named(words, lexicon.organisations)]
    leaders = _leaders(written, words, lexicon)
    own = _sectors_of_role(tokens, head, lexicon) if phrase.name is None else ()
    if phrase.name is not None:
        own = _sectors_of_name(words, lexicon) or _sectors_of_role(tokens, head, lexicon)
    countries = _countries(text) or _countries_of_rows(organisations) or _countries_of_rows(leaders)
    if not countries and head is not None:
        countries = _countries_by_context(head, own, doc, lexicon)
    sectors = _sectors(own, organisations, leaders, text, countries)
    return Agent(countries=tuple(sorted(set(countries))), sectors=tuple(sorted(set(sectors))))


def _countries(text: str) -> tuple[str, ...]:
    """The countries named before any other party's; where there is none, those in the rest of the phrase.

    "British soldiers in Iraq": GBR; "refugees in Germany": DEU.
    """
    cut = _OTHER_PARTY.search(text)
    if cut is not None:
        before = countries_in(text[: cut.start()])
        if before:
            return before
        if cut[1] in ("to", "against"):
            return ()
    return countries_in(text)


def _countries_of_rows(rows: Sequence[AgentRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.country for row in rows if row.country))


def _leaders(written: Sequence[str], words: Sequence[str], lexicon: Lexicon) -> list[AgentRow]:
    """The leaders named; a surname alone counts after a title or nothing: "President Bush", not "Kate Bush"."""
    rows = []
    for row, start, end in _named(words, lexicon.leaders):
        before = written[start - 1] if start else ""
        titled = before[:1].islower() or words[start - 1] in lexicon.roles or words[start - 1] in _POLITE
        followed = end < len(words) and written[end][:1].isupper() and words[end] not in words[:start]
        if end - start > 1 or ((not before or titled or country_of(before)) and not followed):
            rows.append(row)
    return rows


def _named(words: Sequence[str], table: Mapping[str, AgentRow]) -> Iterator[tuple[AgentRow, int, int]]:
    """The rows whose names stand in the words, the longest at each place, with the words [start, end) of each."""
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            row = table.get(" ".join(words[at : at + length]))
            if row is not None:
                yield row, at, at + length
                at += length - 1
                break
        at += 1


def _sectors_of_role(tokens: Sequence[Token], head: Token | None, lexicon: Lexicon) -> tuple[str, ...]:
    """The sectors of the role that heads the phrase, or that stands before a name: "Prime Minister Pashinyan"."""
    if head is None:
        return ()
    upto = [t for t in tokens if t.i <= head.i]
    lemmas = [t.lemma_.lower() for t in upto]
    lowers = [t.lower_ for t in upto]
    return _sectors_of_words(lemmas, lowers, lexicon)


def _sectors_of_name(words: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    return _sectors_of_words(words, words, lexicon)


def _sectors_of_words(lemmas: Sequence[str], lowers: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The role nearest to the end; a weak one ("leader") gives way to the one before it ("rebel leader")."""
    weak: tuple[str, ...] = ()
    for end in range(len(lemmas), 0, -1):
        for start in (end - 3, end - 2, end - 1):
            if start < 0:
                continue
            row = lexicon.roles.get(" ".join(lemmas[start:end])) or lexicon.roles.get(" ".join(lowers[start:end]))
            if row is None:
                continue
            # "the former minister", "ex-president": of no office any more
            if start > 0 and lowers[start - 1] in _FORMER and "GOV" in row.sectors:
                return ("ELI",)
            if not row.weak:
                return row.sectors
            weak = weak or row.sectors
            break
    return weak


def _sectors(
    own: tuple[str, ...],
    organisations: Sequence[AgentRow],
    leaders: Sequence[AgentRow],
    text: str,
    countries: tuple[str, ...],
) -> tuple[str, ...]:
    named = tuple(sector for row in organisations for sector in row.sectors)
    if named:
        # "Hamas officials", "the NATO secretary general" act for what they belong to; "UN peacekeepers" are armed too
        return (*named, *(s for s in own if s != "GOV"))
    if own:
        return own
    if leaders:
        return leaders[0].sectors
    kinds = {mention.name.kind for mention in find_countries(text)} if countries else set()
    if kinds & {"name", "alias", "capital", "government", "territory"}:
        return ("GOV",)
    return ("CVL",) if "demonym" in kinds else ()


def _countries_by_context(head: Token, own: tuple[str, ...], doc: Doc, lexicon: Lexicon) -> tuple[str, ...]:
    """The country that the article gives a name elsewhere, or the only one that it names, for an institution."""
    if head.pos_ == "PROPN":
        return tuple(_nationalities(doc).get(head.text, ()))
    # "the parliament", "police": of the one country that the article is about
    if _STATE_SECTORS.intersection(own):
        everywhere = _article_countries(doc)
        return everywhere if len(everywhere) == 1 else ()
    return ()


@lru_cache(maxsize=1)
def _article_countries(doc: Doc) -> tuple[str, ...]:
    return countries_in(doc.text)


@lru_cache(maxsize=1)
def _nationalities(doc: Doc) -> dict[str, tuple[str, ...]]:
    """The countries named right before a proper name, by its last word: "Georgian President Eduard Shevardnadze"."""
    found: dict[str, tuple[str, ...]] = {}
    for entity in doc.ents:
        last = entity[-1]
        if last.pos_ != "PROPN" or last.text in found:
            continue
        left = doc[max(last.sent.start, entity.start - _FAR_LEFT) : entity.end]
        countries = countries_in(left.text)
        if len(countries) == 1 and entity.label_ == "PERSON":
            found[last.text] = countries
    return found
