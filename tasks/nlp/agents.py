"""Who a phrase stands for: countries and sectors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.attrs import ENT_IOB

from tasks.lexicon.reader import AgentRow, Lexicon
from tasks.lexicon.vocabulary import own_actors_in
from tasks.nlp.countries import countries_in, country_of, mentions_in
from tasks.nlp.frames import Agent, Phrase
from tasks.nlp.parse import Parse
from tasks.nlp.topics import article_countries

_WORD = re.compile(r"[\w&]+(?:[.'\u2019-][\w&]+)*")
# What follows these names another party: "Russian ambassador to Kyiv", "protests against Israel", "troops in Mali".
_OTHER_PARTY = re.compile(
    r"\s(?<!\b[Uu]p\s)(?<!\b[Cc]lose\s)"
    r"(to|against|with|towards?|on|about|over|after|by|into|in|at|near|from|inside|along)\s"
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
_INSIDE, _BEGIN = 1, 3  # where in an entity a token stands, by spaCy's numbers
_FAR_LEFT = 4  # tokens before a surname that may hold its nationality: "Georgian President Eduard Shevardnadze"


def code_agent(phrase: Phrase, parse: Parse, *, lexicon: Lexicon) -> Agent:
    """The countries and sectors that the phrase names; empty where it names none.

    A country or capital alone stands for its government. A surname takes the country that the article or the table of
    leaders gives it, an institution ("the parliament") that of an article which names one country only. What an
    analyst's own row says is taken as it is; what it leaves open is found as for any other name.
    """
    agent = _agent(phrase, parse, lexicon)
    if not lexicon.own_actors:
        return agent
    own = [*own_actors_in(phrase.text, lexicon), *own_actors_in(phrase.name or "", lexicon)]
    if not own:
        return agent
    rows = [row for _, row in own]
    return Agent(
        countries=tuple(sorted(set(_countries_of_rows(rows)))) or agent.countries,
        sectors=tuple(sorted({sector for row in rows for sector in row.sectors})) or agent.sectors,
        own=tuple(dict.fromkeys(name for name, _ in own)),
    )


def _agent(phrase: Phrase, parse: Parse, lexicon: Lexicon) -> Agent:
    tokens = range(phrase.start, phrase.end)
    head = phrase.head if phrase.head in tokens else phrase.end - 1
    text = phrase.text if phrase.name is None else f"{phrase.name}; {phrase.text}"
    named = _read_names(text, lexicon)
    role = _role_of_words(named.words, named.words, lexicon) if phrase.name is not None else None
    role = role or _role_of_head(parse, tokens, head, lexicon)
    countries = named.countries or _home(parse, head) or _countries_by_context(parse, head, role, text)
    return Agent(countries=_sorted(countries), sectors=_sorted(_sectors(role, named, text, countries)))


def _sorted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words))) if len(words) > 1 else words


@dataclass(frozen=True, slots=True)
class _Names:
    """What the words of a phrase say by themselves, wherever it stands."""

    words: tuple[str, ...]
    organisations: tuple[AgentRow, ...]
    leaders: tuple[AgentRow, ...]
    countries: tuple[str, ...]


@lru_cache(maxsize=4096)  # "police", "the company": within a hundred articles one phrase in four comes again
def _read_names(text: str, lexicon: Lexicon) -> _Names:
    written = _WORD.findall(text)
    words = tuple([word.lower() for word in written])
    organisations = tuple([row for row, _, _ in _named(words, lexicon.organisations, _index(lexicon).organisations)])
    leaders = tuple(_leaders(written, words, lexicon))
    countries = _countries(text) or _countries_of_rows(organisations) or _countries_of_rows(leaders)
    return _Names(words, organisations, leaders, countries)


def _countries(text: str) -> tuple[str, ...]:
    """The countries named before any other party's; where there is none, those in the rest of the phrase.

    "British soldiers in Iraq": GBR; "refugees in Germany": DEU.
    """
    cut = _OTHER_PARTY.search(text) if " " in text else None
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
    for row, start, end in _named(words, lexicon.leaders, _index(lexicon).leaders):
        before = written[start - 1] if start else ""
        titled = before[:1].islower() or words[start - 1] in lexicon.roles or words[start - 1] in _POLITE
        followed = end < len(words) and written[end][:1].isupper() and words[end] not in words[:start]
        if end - start > 1 or ((not before or titled or country_of(before)) and not followed):
            rows.append(row)
    return rows


def _named(
    words: Sequence[str], table: Mapping[str, AgentRow], lengths: Mapping[str, Sequence[int]]
) -> Iterator[tuple[AgentRow, int, int]]:
    """The rows whose names stand in the words, the longest at each place, with the words [start, end) of each.

    `lengths` has the numbers of words of the table's names by their first word, the longest first.
    """
    if lengths.keys().isdisjoint(words):
        return
    free = 0
    for at, word in enumerate(words):
        if at < free:
            continue
        for length in lengths.get(word, ()):
            row = table.get(" ".join(words[at : at + length])) if at + length <= len(words) else None
            if row is not None:
                yield row, at, at + length
                free = at + length
                break


def _role_of_head(parse: Parse, tokens: Sequence[int], head: int, lexicon: Lexicon) -> AgentRow | None:
    """The role that heads the phrase, or that stands before a name: "Prime Minister Pashinyan"."""
    # "three major towns": as adjectives these are no officers
    upto = [t for t in tokens if t <= head and not (parse.pos[t] == "ADJ" and parse.lowers[t] in _NO_OFFICERS)]
    role = _role_of_tokens(parse, upto, lexicon)
    if role is None or role.weak:
        # "members of the armed forces", "a group of students": whom the of-phrase names
        for inner in parse.of_objects(head):
            within = [t for t in parse.childs(inner, "compound", "amod") if t < inner]
            found = _role_of_tokens(parse, [*within, inner], lexicon)
            if found is not None and not found.weak:
                return found
    return role


def _role_of_tokens(parse: Parse, tokens: Sequence[int], lexicon: Lexicon) -> AgentRow | None:
    return _role_of_words([parse.lemmas[t] for t in tokens], [parse.lowers[t] for t in tokens], lexicon)


@dataclass(frozen=True, slots=True)
class _Index:
    """Which words a name can be at: the last words of roles, the lengths of names by their first words."""

    roles: frozenset[str]
    organisations: Mapping[str, Sequence[int]]
    leaders: Mapping[str, Sequence[int]]


@lru_cache(maxsize=1)
def _index(lexicon: Lexicon) -> _Index:
    return _Index(
        frozenset(name.rsplit(" ", 1)[-1] for name in lexicon.roles),
        _lengths(lexicon.organisations),
        _lengths(lexicon.leaders),
    )


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for name in names:
        words = name.split(" ")
        if len(words) <= _LONGEST_NAME:
            found.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(lengths, reverse=True)) for word, lengths in found.items()}


def _role_of_words(lemmas: Sequence[str], lowers: Sequence[str], lexicon: Lexicon) -> AgentRow | None:
    """The role nearest to the end; a weak one ("leader") gives way to the one before it ("rebel leader")."""
    weak: AgentRow | None = None
    last_words = _index(lexicon).roles
    for end in range(len(lemmas), 0, -1):
        last = lowers[end - 1]
        if last_words.isdisjoint((lemmas[end - 1], last, last.removesuffix("s"))):
            continue
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


def _sectors(role: AgentRow | None, names: _Names, text: str, countries: tuple[str, ...]) -> tuple[str, ...]:
    named = tuple([sector for row in names.organisations for sector in row.sectors])
    own = role.sectors if role is not None else ()
    if named:
        # "Hamas officials", "the NATO secretary general" act for what they belong to; "UN peacekeepers" are armed too
        return named if role is None or role.weak else (*named, *(s for s in own if s != "GOV"))
    if role is not None and not role.weak:
        return own
    if names.leaders:
        return names.leaders[0].sectors
    if own:
        return own
    kinds = {mention.name.kind for mention in mentions_in(text)} if countries else set()
    if kinds & {"name", "alias", "capital", "government", "territory"}:
        return ("GOV",)
    return ("CVL",) if "demonym" in kinds else ()


def _home(parse: Parse, head: int, depth: int = 0) -> tuple[str, ...]:
    """The countries where the party is at home, by what follows its head.

    "rebels in the Ivory Coast", "a group based in Trinidad", "workers affiliated with the Serbian union".
    """
    for child in parse.children[head]:
        if child < head:
            continue
        if parse.lowers[child] == "of" and depth < DEEPEST:
            # "tens of thousands of students throughout Indonesia": at home is who the of-phrase names
            found = next(filter(None, (_home(parse, o, depth + 1) for o in parse.childs(child, "pobj"))), ())
            if found:
                return found
        for place in _home_phrases(parse, child):
            near = (t for o in parse.childs(place, "pobj") for t in _near(parse, o))
            found = countries_in(" ".join(parse.words[t] for t in near))
            if found:
                return found
    return ()


def _home_phrases(parse: Parse, child: int) -> list[int]:
    """The prepositions that lead from a dependent of a party to where the party belongs."""
    if parse.deps[child] == "acl" and parse.lemmas[child] in _SETTLED:
        return [p for p in parse.children[child] if parse.lowers[p] in _HOME]
    if parse.deps[child] == "acl" and parse.lemmas[child] in _BELONGING:
        return parse.childs(child, "prep")
    return [child] if parse.deps[child] == "prep" and parse.lowers[child] in _HOME else []


def _near(parse: Parse, noun: int) -> list[int]:
    """The noun with what stands before it."""
    return [*(t for left in parse.children[noun] if left < noun for t in parse.subtree(left)), noun]


def _countries_by_context(parse: Parse, head: int, role: AgentRow | None, text: str) -> tuple[str, ...]:
    """The country that the article gives a name elsewhere, or the only one that it names, for an institution."""
    if parse.pos[head] == "PROPN":
        found = _nationalities(parse).get(parse.words[head], ())
        if found:
            return found
    # "the parliament", "police", "rebels": of the one country that the article is about
    if role is not None and _DOMESTIC.intersection(role.sectors) and not countries_in(text):
        everywhere = frozenset(article_countries(parse))
        return tuple(everywhere) if len(everywhere) == 1 else ()
    return ()


@lru_cache(maxsize=1)
def _nationalities(parse: Parse) -> dict[str, tuple[str, ...]]:
    """The countries named right before a proper name, by its last word: "Georgian President Eduard Shevardnadze"."""
    found: dict[str, tuple[str, ...]] = {}
    for start, end in _persons(parse):
        last = end - 1
        if parse.pos[last] != "PROPN" or parse.words[last] in found:
            continue
        first = max(parse.sentences[parse.sentence_of(last)][0], start - _FAR_LEFT)
        countries = countries_in(parse.written(first, end))
        if len(countries) == 1:
            found[parse.words[last]] = countries
    return found


def _persons(parse: Parse) -> Iterator[tuple[int, int]]:
    """The persons' names that the entity recogniser found: tokens [start, end)."""
    places = parse.doc.to_array(ENT_IOB).tolist()
    for start, kind in enumerate(parse.entities):
        if kind == "PERSON" and places[start] == _BEGIN:
            end = start + 1
            while end < len(places) and places[end] == _INSIDE:
                end += 1
            yield start, end
