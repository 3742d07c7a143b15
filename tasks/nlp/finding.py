"""The events of a sentence: its verbs and event nouns with their parties, coded, each reported once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tasks.contracts.codes import SentenceOutcome
from tasks.lexicon.reader import Lexicon
from tasks.nlp.coding import code_frame, event_noun_at
from tasks.nlp.frames import Coding, Frame
from tasks.nlp.headlines import is_headline_verb, read_headline_frame
from tasks.nlp.nounevents import UNTYPED, read_noun_frame
from tasks.nlp.parse import Parse
from tasks.nlp.targets import turn_to_party
from tasks.nlp.verbevents import is_event_verb, is_state, read_verb_frame

LONGEST_SENTENCE = 400  # tokens; of 38,868 news sentences the longest has 335 words; longer ones are lists, or hostile
STATE = "describes a state"
NOBODY_NAMED = "nobody acts or undergoes"
CARRIED = "the verb that carries it reports the event"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A verb or event noun that gave no event, and why."""

    token: int
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sentence gave: coded frames in order of position, what was skipped, and the outcome."""

    events: tuple[tuple[Frame, Coding], ...]
    skipped: tuple[Skipped, ...]
    outcome: SentenceOutcome


def find_events(parse: Parse, start: int, end: int, *, lexicon: Lexicon) -> Finding:
    """The events of the sentence that is tokens [start, end), or the reason why there are none."""
    if end - start > LONGEST_SENTENCE:
        return Finding((), (), SentenceOutcome.TOO_LONG)
    frames: list[Frame] = []
    skipped: list[Skipped] = []
    has_verb = False
    last_words = _last_words(lexicon)
    for token in range(start, end):
        pos = parse.pos[token]
        if pos in ("VERB", "AUX"):
            has_verb = True
            if is_event_verb(parse, token):
                frames.append(read_verb_frame(parse, token, lexicon))
        elif pos == "NOUN" and is_headline_verb(parse, token, lexicon):
            has_verb = True
            frames.append(read_headline_frame(parse, token))
        elif pos == "NOUN":
            if parse.lemmas[token] not in last_words:
                continue
            row = event_noun_at(parse, token, lexicon=lexicon)
            if row is not None and row.kind != "stative":
                frames.append(read_noun_frame(parse, token, row, lexicon))
    coded: list[tuple[Frame, Coding]] = []
    for frame in frames:
        if frame.kind == "verb" and is_state(parse, frame, lexicon):
            skipped.append(Skipped(frame.trigger, STATE))
        elif not frame.actors and not frame.targets:
            skipped.append(Skipped(frame.trigger, NOBODY_NAMED))
        else:
            coded.append((frame, _code(frame, parse, lexicon)))
    carried = _carried_nouns(coded, parse)
    skipped.extend(Skipped(f.trigger, CARRIED) for f, _ in coded if f.kind == "noun" and f.trigger in carried)
    kept = tuple((_aimed(f, c, parse, lexicon), c) for f, c in coded if f.kind == "verb" or f.trigger not in carried)
    return Finding(kept, tuple(skipped), _outcome(bool(kept), skipped, has_verb))


@lru_cache(maxsize=1)
def _last_words(lexicon: Lexicon) -> frozenset[str]:
    """The words in which the lexicon's event nouns end: a look into a set saves a look at the parse."""
    return frozenset(noun.rsplit(" ", 1)[-1] for noun in lexicon.nouns)


def _outcome(found: bool, skipped: list[Skipped], has_verb: bool) -> SentenceOutcome:
    if found:
        return SentenceOutcome.EVENTS
    if any(s.reason == NOBODY_NAMED for s in skipped):
        return SentenceOutcome.NO_PARTICIPANT
    return SentenceOutcome.STATIVE if has_verb else SentenceOutcome.NO_VERB


def _code(frame: Frame, parse: Parse, lexicon: Lexicon) -> Coding:
    coding = code_frame(frame, parse, lexicon=lexicon)
    if frame.kind == "verb" and parse.deps[frame.trigger] == "amod":
        # "the disputed province": a participle before a noun describes; it does not report
        return Coding(event_type=UNTYPED, action=coding.action, entry="")
    return coding


def _aimed(frame: Frame, coding: Coding, parse: Parse, lexicon: Lexicon) -> Frame:
    return frame if coding.event_type == UNTYPED else turn_to_party(frame, coding, parse, lexicon)


def _carried_nouns(coded: list[tuple[Frame, Coding]], parse: Parse) -> set[int]:
    """The nouns whose event a verb already reports: "launched an attack" is one event."""
    carried: set[int] = set()
    for frame, coding in coded:
        if frame.kind != "verb" or coding.event_type == UNTYPED:
            continue
        words = set(coding.action.split())
        nouns = [*frame.objects, *(o for _, o in frame.obliques), *parse.childs(frame.trigger, "nsubj", "nsubjpass")]
        if parse.deps[frame.trigger] in ("acl", "relcl"):
            # "the truce brokered by Oman"
            nouns.append(parse.heads[frame.trigger])
        carried.update(n for n in nouns if parse.lemmas[n] in words)
    return carried
