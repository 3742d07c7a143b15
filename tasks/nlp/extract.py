"""Events of an article: frames found in its parse, coded, dated, placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from spacy.tokens import Doc

from tasks.contracts.codes import EVENT_TYPES, SentenceOutcome
from tasks.contracts.records import Article, Event, Sentence, VocabularyFile
from tasks.lexicon.reader import Lexicon, load_lexicon
from tasks.lexicon.vocabulary import add_to, read_vocabulary
from tasks.nlp.agents import code_agent
from tasks.nlp.casualties import count_casualties
from tasks.nlp.coreference import Mentions, name_phrase, read_mentions
from tasks.nlp.dates import ArticleDates, date_event, read_dates
from tasks.nlp.finding import Skipped, find_events
from tasks.nlp.frames import Agent, Coding, EventDate, EventPlace, Frame, Phrase
from tasks.nlp.parse import Parse, read_parse
from tasks.nlp.parties import may_have_codes
from tasks.nlp.places import (
    ArticlePlaces,
    Gazetteer,
    load_gazetteer,
    place_event,
    read_places,
)

ID_BYTES = 8  # 16 hex digits: among ten million events two share one with a chance of 3 in a million
LONGEST = 12  # words of the whole actor or target string
_NOBODY = Agent()
OWN = "; own vocabulary: "  # in an event's rule, before what of an analyst's own vocabulary is in it


@dataclass(frozen=True)
class Knowledge:
    """What the extractor knows of the language and the world."""

    lexicon: Lexicon
    gazetteer: Gazetteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One frame with everything that was decided about it, for `dateline explain`."""

    sentence_index: int
    frame: Frame
    coding: Coding
    date: EventDate
    place: EventPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """An article's events, what each of its sentences gave (one outcome a sentence, in order), and why.

    `notes` are those of the events, in their order; `skipped` the verbs and event nouns that gave none.
    """

    events: tuple[Event, ...]
    outcomes: tuple[SentenceOutcome, ...]
    notes: tuple[Note, ...]
    skipped: tuple[Skipped, ...]


@lru_cache(maxsize=4)  # without and with an analyst's vocabulary; a server may see that change
def load_knowledge(files: tuple[VocabularyFile, ...] = ()) -> Knowledge:
    """Lexicon and gazetteer, with an analyst's own vocabulary before them; built once per process.

    Raises LexiconError naming the wrong row of a file.
    """
    if not files:
        return Knowledge(lexicon=load_lexicon(), gazetteer=load_gazetteer())
    vocabulary = read_vocabulary(files)
    return Knowledge(
        lexicon=add_to(load_lexicon(), vocabulary), gazetteer=load_gazetteer().with_places(vocabulary.places)
    )


def extract_events(
    doc: Doc,
    *,
    article: Article,
    sentences: Sequence[Sentence],
    knowledge: Knowledge,
    day_first: bool = True,
) -> Extraction:
    """The events of a parsed article. `sentences` are those the Doc was tokenised with, in the article's order."""
    parse = read_parse(doc)
    dates = read_dates(parse, published=article.published, day_first=day_first)
    places = read_places(parse, gazetteer=knowledge.gazetteer)
    mentions = read_mentions(parse, knowledge.lexicon)
    events: list[Event] = []
    outcomes: list[SentenceOutcome] = []
    notes: list[Note] = []
    skipped: list[Skipped] = []
    agents: dict[tuple[int, int, str | None], Agent] = {}
    same_sentence: Counter[str] = Counter()
    bounds = _token_bounds(parse, sentences)
    for sentence, (start, end) in zip(sentences, bounds, strict=True):
        finding = find_events(parse, start, end, lexicon=knowledge.lexicon)
        outcomes.append(finding.outcome)
        skipped.extend(finding.skipped)
        occurrence = same_sentence[sentence.text]
        same_sentence[sentence.text] += 1
        same_trigger: Counter[str] = Counter()
        for found, coding in finding.events:
            frame = name_parties(found, parse, mentions, knowledge.lexicon)
            trigger = parse.words[frame.trigger]
            identity = (article.article_key, sentence.text, occurrence, trigger, same_trigger[trigger])
            same_trigger[trigger] += 1
            event, note = _event(identity, frame, coding, parse, article, sentence, knowledge, dates, places, agents)
            events.append(event)
            notes.append(note)
    return Extraction(events=tuple(events), outcomes=tuple(outcomes), notes=tuple(notes), skipped=tuple(skipped))


def name_parties(frame: Frame, parse: Parse, mentions: Mentions, lexicon: Lexicon) -> Frame:
    """The frame with its parties and claimants named as fully as the article allows.

    A target that turns out to be the actor is none ("Lee said he would run"), an object pronoun is somebody else.
    """
    actors = tuple([name_phrase(p, parse, mentions, lexicon) for p in frame.actors])
    targets = tuple([name_phrase(p, parse, mentions, lexicon) for p in frame.targets])
    acting = {p.name or p.text for p in actors}
    kept = targets
    if any((p.name or p.text) in acting for p in targets):
        own = {*frame.objects, *(obj for _, obj in frame.obliques)}
        kept = tuple(
            replace(p, name=None) if (p.name or p.text) in acting and p.head in own else p
            for p in targets
            if (p.name or p.text) not in acting or p.head in own
        )
    claimants = tuple([name_phrase(p, parse, mentions, lexicon) for p in frame.claimants])
    if (actors, kept, claimants) == (frame.actors, frame.targets, frame.claimants):
        return frame
    return replace(frame, actors=actors, targets=kept, claimants=claimants)


def _token_bounds(parse: Parse, sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
    """The token span of each sentence, by its characters."""
    bounds = []
    at = 0
    starts = parse.starts
    for sentence in sentences:
        while at < len(starts) and starts[at] < sentence.start:
            at += 1
        first = at
        while at < len(starts) and starts[at] < sentence.end:
            at += 1
        bounds.append((first, at))
    return bounds


def _event(
    identity: tuple[str, str, int, str, int],
    frame: Frame,
    coding: Coding,
    parse: Parse,
    article: Article,
    sentence: Sentence,
    knowledge: Knowledge,
    dates: ArticleDates,
    places: ArticlePlaces,
    agents: dict[tuple[int, int, str | None], Agent],
) -> tuple[Event, Note]:
    date = date_event(frame, parse, dates=dates)
    place = place_event(frame, places=places)
    casualties = count_casualties(frame, parse)
    facts = EVENT_TYPES[coding.event_type]
    actor = _codes(frame.actors, parse, knowledge.lexicon, agents)
    target = _codes(frame.targets, parse, knowledge.lexicon, agents)
    actors, targets = _names(frame.actors), _names(frame.targets)
    trigger_start = parse.starts[frame.trigger]
    event = Event(
        event_id=_event_id(identity),
        article_key=article.article_key,
        source_path=article.source_path,
        date=date.date,
        date_end=date.date_end,
        date_precision=date.precision,
        date_text=date.text,
        date_source=date.source,
        actor=_joined(_shown(frame.actors, actors)),
        action=coding.action,
        target=_joined(_shown(frame.targets, targets)),
        location=place.location,
        actors=actors,
        targets=targets,
        actor_country=";".join(actor.countries) or None,
        target_country=";".join(target.countries) or None,
        actor_sector=";".join(actor.sectors) or None,
        target_sector=";".join(target.sectors) or None,
        event_type=coding.event_type,
        quad_class=facts.quad_class,
        goldstein=facts.goldstein,
        modality=frame.modality,
        claimant=_joined(_names(frame.claimants)),
        place_name=place.name,
        place_country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        geonameid=place.geonameid,
        place_precision=place.precision,
        place_source=place.source,
        killed=casualties.killed,
        injured=casualties.injured,
        arrested=casualties.arrested,
        sentence=sentence.text,
        sentence_index=sentence.sentence_index,
        sentence_start=sentence.start,
        sentence_end=sentence.end,
        trigger_start=trigger_start,
        trigger_end=trigger_start + len(parse.words[frame.trigger]),
        rule=frame.rule + _own(coding, (*actor.own, *target.own), place),
    )
    note = Note(
        sentence_index=sentence.sentence_index,
        frame=frame,
        coding=coding,
        date=date,
        place=place,
    )
    return event, note


def _event_id(identity: tuple[str, str, int, str, int]) -> str:
    written = "".join([f"{part}\0" for part in identity])
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES).hexdigest()


def _names(phrases: tuple[Phrase, ...]) -> tuple[str, ...]:
    if len(phrases) == 1:
        return (phrases[0].name or phrases[0].text,)
    return tuple(dict.fromkeys([p.name or p.text for p in phrases]))


def _shown(phrases: tuple[Phrase, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Each party by name, with the words of the text where they are others: "Nokia (the company)"."""
    if all(p.name is None for p in phrases):
        return names
    return tuple(dict.fromkeys([_named_and_written(p) for p in phrases]))


def _named_and_written(phrase: Phrase) -> str:
    if phrase.name is None or set(phrase.text.lower().split()) <= set(phrase.name.lower().split()):
        return phrase.name or phrase.text
    return f"{phrase.name} ({phrase.text})"


def _joined(names: tuple[str, ...]) -> str | None:
    """The names as one string; those that would carry it over twelve words stand in the list alone."""
    if len(names) < 2:
        return names[0] or None if names else None
    kept: list[str] = []
    words = 0
    for name in names:
        words += len(name.split())
        if kept and words > LONGEST:
            break
        kept.append(name)
    return "; ".join(kept) or None


def _codes(
    phrases: tuple[Phrase, ...], parse: Parse, lexicon: Lexicon, agents: dict[tuple[int, int, str | None], Agent]
) -> Agent:
    """Countries and sectors of the parties; `agents` keeps what was found, since a party stands in several events."""
    found = []
    for phrase in phrases:
        key = (phrase.start, phrase.end, phrase.name)
        agent = agents.get(key)
        if agent is None:
            known = may_have_codes(parse, phrase, lexicon)
            agent = agents[key] = code_agent(phrase, parse, lexicon=lexicon) if known else _NOBODY
        found.append(agent)
    if len(found) < 2:
        return found[0] if found else _NOBODY
    return Agent(
        countries=tuple(dict.fromkeys(country for agent in found for country in agent.countries)),
        sectors=tuple(dict.fromkeys(sector for agent in found for sector in agent.sectors)),
        own=tuple(name for agent in found for name in agent.own),
    )


def _own(coding: Coding, actors: Sequence[str], place: EventPlace) -> str:
    """The mark of an event that is coded by an analyst's own vocabulary; "" for any other."""
    parts = [coding.own] if coding.own else []
    parts += [f"actor {name}" for name in dict.fromkeys(actors)]
    parts += [f"place {place.name}"] if place.own else []
    return OWN + ", ".join(parts) if parts else ""
