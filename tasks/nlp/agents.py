"""Who a phrase stands for: countries and sectors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from spacy.tokens import Doc, Token

from tasks.lexicon.reader import AgentRow, Lexicon
from tasks.lexicon.vocabulary import own_actors_in
from tasks.nlp.countries import countries_in, country_of, find_countries
from tasks.nlp.frames import Agent, Phrase
from tasks.nlp.parse import text_of

_WORD = re.compile(r"[\w&]+(?:[.'\u2019-][\w&]+)*")
# What follows these names another party: "Russian ambassador to Kyiv", "protests against Israel", "troops in Mali".
_OTHER_PARTY = re.compile(
    r"(?<!\b[Uu]p)(?<!\b[Cc]lose)\s(to|against|with|towards?|on|about|over|after|by|into|in|at|near|from|inside|along)\s"
)
_BELONGING = frozenset({"affiliate", "ally", "back", "align"})
_NO_OFFICERS = frozenset({"major", "general", "local", "national", "black"})
DEEPEST = 4  # of-phrases within of-phrases: "tens of thousands of members of the union"
_LONGEST_NAME = 6  # words of the longest name in the tables
_FORMER = frozenset({"former", "ex", "ousted", "deposed", "late", "retired"})
_POLITE = frozenset({"mr", "mr.", "mrs", "mrs.", "ms", "dr", "sir", "lord", "lady", "sheikh", "ayatollah", "mullah"})
_DOMESTIC = frozenset({"GOV", "MIL", "COP", "SPY", "JUD", "LEG", "PTY", "OPP", "REB", "PRM"})
_HOME = frozenset({"in", "of", "from", "throughout", "across", "inside"})
_SETTLED = frozenset({"base", "live", "operate", "station", "hold", "jail", "bear", "headquarter"})
_FAR_LEFT = 4  # tokens before a surname that may hold its nationality: "Georgian President Eduard Shevardnadze"


def code_agent(phrase: Phrase, doc: Doc, *, lexicon: Lexicon) -> Agent:
    """The countries and sectors that the phrase names; empty where it names none.

    A country or capital alone stands for its government. A surname takes the country that the article or the table of
    leaders gives it, an institution ("the parliament") that of an article which names one country only. What an
    analyst's own row says is taken as it is; what it leaves open is found as for any other name.
    """
    agent = _agent(phrase, doc, lexicon)
    own = [*own_actors_in(phrase.text, lexicon), *own_actors_in(phrase.name or "", lexicon)]
    if not own:
        return agent
    rows = [row for _, row in own]
    return Agent(
        countries=tuple(sorted(set(_countries_of_rows(rows)))) or agent.countries,
        sectors=tuple(sorted({sector for row in rows for sector in row.sectors})) or agent.sectors,
        own=tuple(dict.fromkeys(name for name, _ in own)),
    )


def _agent(phrase: Phrase, doc: Doc, lexicon: Lexicon) -> Agent:
    tokens = list(doc[phrase.start : phrase.end])
    head = doc[phrase.head] if phrase.start <= phrase.head < phrase.end else tokens[-1] if tokens else None
    text = phrase.text if phrase.name is None else f"{phrase.name}; {phrase.text}"
    written = _WORD.findall(text)
    words = [word.lower() for word in written]
    organisations = [row for row, _, _ in _named(words, lexicon.organisations)]
    leaders = _leaders(written, words, lexicon)
    role = _role_of_words(words, words, lexicon) if phrase.name is not None else None
    role = role or _role_of_head(tokens, head, lexicon)
    countries = _countries(text) or _countries_of_rows(organisations) or _countries_of_rows(leaders)
    if not countries and head is not None:
        countries = _home(head) or _countries_by_context(head, role, text, doc)
    sectors = _sectors(role, organisations, leaders, text, countries)
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


def _role_of_head(tokens: Sequence[Token], head: Token | None, lexicon: Lexicon) -> AgentRow | None:
    """The role that heads the phrase, or that stands before a name: "Prime Minister Pashinyan"."""
    if head is None:
        return None
    # "three major towns": as adjectives these are no officers
    upto = [t for t in tokens if t.i <= head.i and not (t.pos_ == "ADJ" and t.lower_ in _NO_OFFICERS)]
    role = _role_of_words([t.lemma_.lower() for t in upto], [t.lower_ for t in upto], lexicon)
    if role is None or role.weak:
        # "members of the armed forces", "a group of students": whom the of-phrase names
        for inner in (o for p in head.children if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"):
            within = [t for t in inner.lefts if t.dep_ in ("compound", "amod")] + [inner]
            found = _role_of_words([t.lemma_.lower() for t in within], [t.lower_ for t in within], lexicon)
            if found is not None and not found.weak:
                return found
    return role


def _role_of_words(lemmas: Sequence[str], lowers: Sequence[str], lexicon: Lexicon) -> AgentRow | None:
    """The role nearest to the end; a weak one ("leader") gives way to the one before it ("rebel leader")."""
    weak: AgentRow | None = None
    for end in range(len(lemmas), 0, -1):
        for start in (end - 3, end - 2, end - 1):
            if start < 0 or (start > 0 and lowers[start - 1] == "-" and lowers[start - 2] not in _FORMER):
                continue  # the "general" of a secretary-general is none
            # "Islamists", "human rights groups": a name's lemma keeps its plural
            forms = (" ".join(lemmas[start:end]), " ".join(lowers[start:end]))
            row = next((lexicon.roles[f] for f in (*forms, forms[1].removesuffix("s")) if f in lexicon.roles), None)
            if row is None:
                continue
            # "the former minister", "ex-president": of no office any more
            if "GOV" in row.sectors and _FORMER.intersection(lowers[max(0, start - 2) : start]):
                return AgentRow(line=row.line, names=row.names, sectors=("ELI",))
            if not row.weak:
                return row
            weak = weak or row
            break
    return weak


def _sectors(
    role: AgentRow | None,
    organisations: Sequence[AgentRow],
    leaders: Sequence[AgentRow],
    text: str,
    countries: tuple[str, ...],
) -> tuple[str, ...]:
    named = tuple(sector for row in organisations for sector in row.sectors)
    own = role.sectors if role is not None else ()
    if named:
        # "Hamas officials", "the NATO secretary general" act for what they belong to; "UN peacekeepers" are armed too
        return named if role is None or role.weak else (*named, *(s for s in own if s != "GOV"))
    if role is not None and not role.weak:
        return own
    if leaders:
        return leaders[0].sectors
    if own:
        return own
    kinds = {mention.name.kind for mention in find_countries(text)} if countries else set()
    if kinds & {"name", "alias", "capital", "government", "territory"}:
        return ("GOV",)
    return ("CVL",) if "demonym" in kinds else ()


def _home(head: Token, depth: int = 0) -> tuple[str, ...]:
    """The countries where the party is at home, by what follows its head.

    "rebels in the Ivory Coast", "a group based in Trinidad", "workers affiliated with the Serbian union".
    """
    for child in head.rights:
        if child.lower_ == "of" and depth < DEEPEST:
            # "tens of thousands of students throughout Indonesia": at home is who the of-phrase names
            found = next(filter(None, (_home(o, depth + 1) for o in child.children if o.dep_ == "pobj")), ())
            if found:
                return found
        if child.dep_ == "acl" and child.lemma_.lower() in _SETTLED:
            places = [p for p in child.children if p.lower_ in _HOME]
        elif child.dep_ == "acl" and child.lemma_.lower() in _BELONGING:
            places = [p for p in child.children if p.dep_ == "prep"]
        elif child.dep_ == "prep" and child.lower_ in _HOME:
            places = [child]
        else:
            continue
        for place in places:
            found = countries_in(" ".join(t.text for o in place.children if o.dep_ == "pobj" for t in _near(o)))
            if found:
                return found
    return ()


def _near(noun: Token) -> list[Token]:
    """The noun with what stands before it."""
    return [*(t for left in noun.lefts for t in left.subtree), noun]


def _countries_by_context(head: Token, role: AgentRow | None, text: str, doc: Doc) -> tuple[str, ...]:
    """The country that the article gives a name elsewhere, or the only one that it names, for an institution."""
    if head.pos_ == "PROPN":
        found = _nationalities(doc).get(head.text, ())
        if found:
            return found
    # "the parliament", "police", "rebels": of the one country that the article is about
    if role is not None and _DOMESTIC.intersection(role.sectors) and not countries_in(text):
        everywhere = _article_countries(doc)
        return everywhere if len(everywhere) == 1 else ()
    return ()


@lru_cache(maxsize=1)
def _article_countries(doc: Doc) -> tuple[str, ...]:
    return countries_in(text_of(doc))


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
