"""Nouns that report an event ("the attack by A on B"), and the frame of each."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon, NounRow
from tasks.nlp.arguments import surface_subject
from tasks.nlp.claims import speakers
from tasks.nlp.clauses import clause_tokens
from tasks.nlp.frames import Frame, Phrase
from tasks.nlp.parse import Parse
from tasks.nlp.phrases import read_phrases

_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_NO_PARTY = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "ORDINAL", "QUANTITY"})


def event_noun(parse: Parse, token: int, lexicon: Lexicon) -> NounRow | None:
    """The lexicon's row of the event noun at `token`, None where it is none."""
    if parse.pos[token] != "NOUN":
        return None
    modifiers = tuple(parse.lemmas[c] for c in parse.children[token] if parse.deps[c] in _MODIFIERS)
    return lexicon.event_noun(parse.lemmas[token], modifiers=modifiers)


def read_noun_frame(parse: Parse, noun: int, row: NounRow, lexicon: Lexicon) -> Frame:
    """The frame of the event that the noun reports; parties may be missing."""
    actors: list[Phrase] = []
    targets: list[Phrase] = []
    obliques: list[tuple[str, int]] = []
    rules: list[str] = []
    for c in parse.children[noun]:
        if parse.deps[c] in ("prep", "agent"):
            for o in parse.childs(c, "pobj"):
                obliques.append((parse.lowers[c], o))
    for prep, obj in obliques:
        if parse.entities[obj] in _NO_PARTY:
            continue
        if prep == "by" or prep in row.actors:
            actors.extend(read_phrases(parse, obj))
            rules.append(f"actor: {prep}-phrase")
        elif prep in row.targets:
            targets.extend(read_phrases(parse, obj))
            rules.append(f"target: {prep}-phrase")
    owner = parse.child(noun, "poss")
    if owner is not None and parse.entities[owner] not in _NO_PARTY and not actors:
        actors.extend(read_phrases(parse, owner))
        rules.append("actor: possessor")
    if not actors:
        for c in parse.children[noun]:
            if parse.deps[c] in ("compound", "nmod", "amod") and parse.pos[c] == "PROPN" and c < noun:
                if parse.entities[c] not in _NO_PARTY:
                    actors.extend(read_phrases(parse, c))
                    rules.append("actor: modifier")
                    break
    if not targets and not (actors and owner is None):
        for prep, obj in obliques:
            if prep == "of" and parse.entities[obj] not in _NO_PARTY:
                targets.extend(read_phrases(parse, obj))
                rules.append("target: of-phrase")
    if not actors:
        # "Iran launched an attack": whoever carries the noun out
        head, dep = parse.heads[noun], parse.deps[noun]
        if dep == "dobj" and parse.is_verb(head):
            for h in surface_subject(parse, head, lexicon).heads:
                actors.extend(read_phrases(parse, h))
                rules.append("actor: subject of the carrying verb")
    names = {a.text for a in actors}
    return Frame(
        trigger=noun,
        kind="noun",
        lemma=parse.lemmas[noun],
        actors=tuple(actors),
        targets=tuple(t for t in targets if t.text not in names),
        obliques=tuple(obliques),
        clause=clause_tokens(parse, noun),
        claimants=speakers(parse, noun, lexicon),
        rule="; ".join(["event noun", *rules]),
    )
