"""Verbs that report an event, and the frame of each: its parties, objects and complements."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
from tasks.nlp.arguments import (
    NOBODY,
    Found,
    agents,
    causer,
    complements,
    datives,
    direct_objects,
    is_means,
    is_passive,
    obliques,
    own_subject,
    particles,
    surface_subject,
    topic,
)
from tasks.nlp.claims import speakers
from tasks.nlp.frames import Frame, Phrase
from tasks.nlp.modality import read_modality
from tasks.nlp.parse import Parse
from tasks.nlp.parties import is_party
from tasks.nlp.phrases import read_phrases

_TARGET_PREPOSITIONS = (
    "with", "against", "at", "on", "to", "for", "of", "from", "about", "into", "over", "in", "as", "by", "through",
    "around", "across", "after", "under", "upon", "onto", "toward", "towards", "between", "among", "off", "out",
)  # fmt: skip
_NO_TARGET = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "ORDINAL", "QUANTITY"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
# Nouns of times and places that the entity recogniser leaves out: they are no target where no row asks for them.
_SETTINGS = frozenset(
    {"morning", "afternoon", "evening", "night", "dawn", "noon", "midnight", "dusk", "weekend", "summer", "winter",
     "time", "moment", "capital", "city", "town", "village", "region", "province", "area", "district", "street",
     "front", "centre", "center", "north", "south", "east", "west", "place", "site", "scene"}
)  # fmt: skip
_AMOUNTS = frozenset({"PERCENT", "MONEY", "QUANTITY"})
_PARTICIPLE_PREPOSITIONS = frozenset({"according", "following", "regarding", "concerning", "pending"})


def is_event_verb(parse: Parse, token: int) -> bool:
    """Whether the token is a verb that can report an event: no auxiliary, no copula, no preposition."""
    if not parse.is_verb(token) or parse.lemmas[token] == "be" or parse.tags[token] == "MD":
        return False
    dep = parse.deps[token]
    if dep in ("aux", "auxpass", "punct") or is_duty(parse, token):
        return False
    return not (dep == "prep" and parse.lowers[token] in _PARTICIPLE_PREPOSITIONS)


def is_duty(parse: Parse, token: int) -> bool:
    """Whether "have" only tells that something must be done: "will have to leave"."""
    if parse.lemmas[token] != "have" or parse.child(token, "dobj") is not None:
        return False
    infinitive = parse.child(token, "xcomp")
    return infinitive is not None and parse.child(infinitive, "aux") is not None


def is_state(parse: Parse, frame: Frame, lexicon: Lexicon) -> bool:
    """Whether the frame describes a state: "ties remain tense", "the valley lies in the north".

    A verb of state that relates two parties ("the firm owns the mine"), or tells what somebody does ("the troops
    stay"), is kept, untyped.
    """
    if not lexicon.is_stative(frame.lemma):
        return False
    someone = any(is_party(parse, a.head, lexicon) for a in frame.actors)
    if parse.child(frame.trigger, "acomp", "oprd") is not None:
        # "ties remain tense" is a state; "told residents to stay calm" says what they are to do
        return parse.tags[frame.trigger] != "VB" or not someone
    if frame.targets and (frame.actors or frame.passive):
        return False
    return not someone


def read_verb_frame(parse: Parse, verb: int, lexicon: Lexicon) -> Frame:
    """The frame of the event that the verb reports; parties may be missing."""
    passive = is_passive(parse, verb)
    subject = surface_subject(parse, verb, lexicon)
    objects = direct_objects(parse, verb)
    oblique = obliques(parse, verb)
    clauses = complements(parse, verb)
    if passive:
        acting, undergoing = agents(parse, verb), subject
        if not acting.heads:
            acting = causer(parse, verb, lexicon)
        if not subject.heads and objects:
            undergoing = Found(tuple(objects), "object")
    else:
        acting = subject
        undergoing = _undergoing(parse, verb, objects, oblique, clauses, lexicon)
    actors = _phrases(parse, acting, verb)
    named = {a.text for a in actors}
    targets = tuple([p for p in _phrases(parse, undergoing, verb) if p.text not in named])
    return Frame(
        trigger=verb,
        kind="verb",
        lemma=parse.lemmas[verb],
        particles=particles(parse, verb),
        actors=actors,
        targets=targets,
        objects=tuple(objects),
        obliques=tuple(oblique),
        complements=tuple(clauses),
        passive=passive,
        modality=read_modality(parse, verb, lexicon),
        claimants=speakers(parse, verb, lexicon),
        rule=_rule(passive, acting, undergoing),
    )


def _rule(passive: bool, acting: Found, undergoing: Found) -> str:
    voice = "passive" if passive else "active"
    parts = [
        f"actor: {acting.rule}" if acting.heads else "",
        f"target: {undergoing.rule}" if undergoing.heads else "",
    ]
    return "; ".join([voice, *(p for p in parts if p)])


def _undergoing(
    parse: Parse,
    verb: int,
    objects: list[int],
    oblique: list[tuple[str, int]],
    clauses: list[int],
    lexicon: Lexicon,
) -> Found:
    """Who or what undergoes: receiver, object, prepositional object, or whom the complement speaks of."""
    receivers = datives(parse, verb)
    if receivers and parse.is_nominal(receivers[0]):
        return Found(tuple(receivers[:1] + objects), "receiver")
    if objects:
        return Found(tuple(objects), "object")
    subject = own_subject(parse, verb)
    # "In Stepanakert hundreds gathered": what stands before the subject sets the scene
    first = -1 if subject is None else min(subject, verb)
    oblique = [(prep, obj) for prep, obj in oblique if obj > first and not (prep == "by" and is_means(parse, obj))]
    asked = lexicon.target_prepositions(parse.lemmas[verb])
    for wanted in (asked, _TARGET_PREPOSITIONS[:5]):
        for prep, obj in oblique:
            if prep in wanted and parse.entities[obj] not in _NO_TARGET:
                return Found((obj,), f"object of {prep}")
    for clause in clauses:
        found = topic(parse, clause)
        if found.heads:
            return found
    for prep, obj in oblique:
        if prep in _TARGET_PREPOSITIONS and parse.entities[obj] not in _NO_TARGET and not _is_setting(parse, prep, obj):
            return Found((obj,), f"object of {prep}")
    # "fell 35%", "rose to $40": by how much, where nothing else undergoes
    amounts = [*parse.childs(verb, "npadvmod"), *(obj for prep, obj in oblique if prep in ("to", "by", "at"))]
    for token in amounts:
        if parse.entities[token] in _AMOUNTS:
            return Found((token,), "amount")
    return NOBODY


def _is_setting(parse: Parse, prep: str, obj: int) -> bool:
    """Whether the phrase tells where, when or how: "broke out in Khartoum", "in the afternoon", "in protest"."""
    if prep not in ("in", "at", "on"):
        return False
    if parse.entities[obj] in _PLACES or parse.lemmas[obj] in _SETTINGS:
        return True
    return prep == "in" and parse.pos[obj] == "NOUN" and parse.tags[obj] == "NN" and not parse.children[obj]


def _phrases(parse: Parse, found: Found, verb: int) -> tuple[Phrase, ...]:
    if len(found.heads) == 1:
        phrases = read_phrases(parse, found.heads[0], outside=verb)
        if len(phrases) == 1:
            return phrases if phrases[0].text else ()
    out: list[Phrase] = []
    for head in found.heads:
        out.extend(p for p in read_phrases(parse, head, outside=verb) if p.text and all(p.text != o.text for o in out))
    return tuple(out)
