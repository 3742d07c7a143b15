"""Nouns that report an event ("the attack by A on B"), and the frame of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.lexicon.reader import Lexicon, NounRow
from tasks.nlp.arguments import surface_subject
from tasks.nlp.claims import speakers
from tasks.nlp.frames import Frame, Phrase
from tasks.nlp.modality import read_noun_modality
from tasks.nlp.parse import Parse
from tasks.nlp.parties import is_party
from tasks.nlp.phrases import read_phrase, read_phrases

UNTYPED = "OTHER"
_TIMES = frozenset({"DATE", "TIME", "ORDINAL", "CARDINAL"})
_AMOUNTS = frozenset({"PERCENT", "MONEY", "QUANTITY"})
_NATIONS = frozenset({"NORP", "GPE"})


@dataclass(slots=True)
class _Parties:
    """What the rules have found so far; each role is filled by the first rule that finds somebody."""

    actors: list[Phrase] = field(default_factory=list)
    targets: list[Phrase] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    def act(self, phrases: tuple[Phrase, ...], rule: str) -> None:
        if not self.actors and phrases:
            self.actors.extend(phrases)
            self.rules.append(f"actor: {rule}")

    def undergo(self, phrases: tuple[Phrase, ...], rule: str) -> None:
        if not self.targets and phrases:
            self.targets.extend(phrases)
            self.rules.append(f"target: {rule}")


def read_noun_frame(parse: Parse, noun: int, row: NounRow, lexicon: Lexicon) -> Frame:
    """The frame of the event that the noun reports; parties may be missing."""
    parties = _Parties()
    obliques = [(parse.lowers[c], o) for c in parse.childs(noun, "prep", "agent") for o in parse.childs(c, "pobj")]
    _by_prepositions(parse, obliques, row, lexicon, parties)
    _by_possessor(parse, noun, row, parties)
    _by_modifiers(parse, noun, row, parties)
    _by_carrier(parse, noun, row, lexicon, parties)
    if row.event_type == UNTYPED:
        _by_amount(parse, noun, parties)
    names = {a.text for a in parties.actors}
    return Frame(
        trigger=noun,
        kind="noun",
        lemma=parse.lemmas[noun],
        actors=tuple(parties.actors),
        targets=tuple(t for t in parties.targets if t.text not in names),
        obliques=tuple(obliques),
        modality=read_noun_modality(parse, noun, lexicon),
        claimants=speakers(parse, noun, lexicon),
        rule="; ".join(["event noun", *parties.rules]),
    )


def _by_prepositions(
    parse: Parse, obliques: list[tuple[str, int]], row: NounRow, lexicon: Lexicon, parties: _Parties
) -> None:
    """ "the attack by A on B", "talks between A and B", "the arrest of B", "a loss of $5 million"."""
    for prep, obj in obliques:
        amount = parse.entities[obj] in _AMOUNTS
        if parse.entities[obj] in _TIMES or (amount and (row.event_type != UNTYPED or prep != "of")):
            continue
        phrases = read_phrases(parse, obj)
        if prep in ("by", "between", "among"):
            parties.act(phrases, f"{prep}-phrase")
        elif row.event_type == UNTYPED and not is_party(parse, obj, lexicon) and prep in ("of", "in", *row.targets):
            # "sales of cars", "a rise in prices": a thing undergoes what nobody is said to do
            if prep != "in" or prep in row.targets:
                parties.undergo(phrases, f"{prep}-phrase")
        elif prep == "of":
            # "the capture of the town" undergoes, "the visit of the pope" acts; where both can be, somebody acts
            acts = "of" in row.actors and ("of" not in row.targets or is_party(parse, obj, lexicon))
            role = parties.act if acts else parties.undergo
            role(phrases, "of-phrase")
        elif prep in row.actors:
            parties.act(phrases, f"{prep}-phrase")
        elif prep in row.targets:
            parties.undergo(phrases, f"{prep}-phrase")


def _by_possessor(parse: Parse, noun: int, row: NounRow, parties: _Parties) -> None:
    """ "Iran's attack" acts; "his arrest" undergoes, unless another does ("Russia's capture of the town")."""
    owner = parse.child(noun, "poss")
    if owner is None or parse.entities[owner] in _TIMES:
        return
    undergoes = "of" in row.targets and "of" not in row.actors and not parties.targets
    role = parties.undergo if undergoes else parties.act
    role(read_phrases(parse, owner), "possessor")


def _by_modifiers(parse: Parse, noun: int, row: NounRow, parties: _Parties) -> None:
    """ "Nato air strikes", "Israeli raids": who is named before the noun acts; "car sales": what is sold."""
    for c in parse.childs(noun, "compound", "nmod", "amod"):
        if c > noun or parse.entities[c] in _TIMES or parse.entities[c] in _AMOUNTS:
            continue
        if parse.entities[c] == "GPE" and row.event_type == "CONSULT":
            # "the Geneva talks": where they are held
            continue
        if parse.pos[c] == "PROPN" or (parse.pos[c] == "ADJ" and parse.entities[c] in _NATIONS):
            parties.act(read_phrases(parse, c), "modifier")
        elif parse.pos[c] == "NOUN" and row.event_type == UNTYPED and row.noun == parse.lemmas[noun]:
            parties.undergo((read_phrase(parse, c, bare=True),), "modifier")
            for name in parse.childs(c, "compound", "nmod"):
                # "Toyota car sales"
                if parse.pos[name] == "PROPN":
                    parties.act(read_phrases(parse, name), "modifier")


def _by_carrier(parse: Parse, noun: int, row: NounRow, lexicon: Lexicon, parties: _Parties) -> None:
    """ "Iran launched an attack", "the firm posted a loss": whoever the verb makes carry it out."""
    verb = parse.heads[noun]
    if parties.actors:
        return
    if (
        parse.deps[noun] == "pobj"
        and parse.lemmas[parse.heads[verb]] == "be"
        and parse.lowers[verb] in ("in", "on", "at")
    ):
        # "The union is in talks with the firm"
        for head in surface_subject(parse, parse.heads[verb], lexicon).heads:
            if is_party(parse, head, lexicon):
                parties.act(read_phrases(parse, head), "subject of be")
        return
    if not parse.is_verb(verb):
        return
    if parse.deps[noun] in ("nsubj", "nsubjpass"):
        # "A dispute came up between A and B"
        for c in parse.childs(verb, "prep"):
            obj = parse.child(c, "pobj")
            if parse.lowers[c] == "between" and obj is not None:
                parties.act(read_phrases(parse, obj), "between-phrase of the verb")
    if parse.deps[noun] != "dobj":
        return
    if row.event_type == UNTYPED or lexicon.is_light(parse.lemmas[verb]):
        for head in surface_subject(parse, verb, lexicon).heads:
            parties.act(read_phrases(parse, head), "subject of the verb")


def _by_amount(parse: Parse, noun: int, parties: _Parties) -> None:
    """ "a $2 billion profit", "a 45% drop": how much, where nothing else undergoes."""
    for c in parse.childs(noun, "compound", "nmod", "amod", "nummod"):
        if parse.entities[c] in _AMOUNTS:
            parties.undergo(read_phrases(parse, c), "amount")
