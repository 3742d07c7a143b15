"""Short noun phrases: the head with what names it, without clauses, never over twelve words."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from tasks.nlp.frames import Phrase
from tasks.nlp.parse import Parse

LONGEST = 12  # words; the contract's limit for actor and target: a whole clause names nobody
LONG_MODIFIER = 6  # words of an of-phrase; longer ones describe rather than identify
_LEFT = frozenset(
    {
        "compound",
        "amod",
        "nmod",
        "poss",
        "nummod",
        "quantmod",
        "case",
        "advmod",
        "det",
        "predet",
        "neg",
    }
)
_TIMES = frozenset({"DATE", "TIME"})
_OFFICES = frozenset({"job", "office", "place", "position", "post", "role", "seat", "term"})  # "his post as governor"
_DROPPED = frozenset(
    {"the", "a", "an", "both", "this", "that", "these", "those", "also", "no", "neither", "either", "whose"}
)


def conjuncts(parse: Parse, head: int) -> list[int]:
    """The head and the nouns coordinated with it: "A, B and C"."""
    if not parse.children[head]:
        return [head]
    found = [head]
    for h in found:
        for c in parse.children[h]:
            if parse.deps[c] == "conj" and parse.is_nominal(c) and any(ch.isalnum() for ch in parse.words[c]):
                found.append(c)
    return sorted(found)


def read_phrases(parse: Parse, head: int, *, outside: int = -1) -> tuple[Phrase, ...]:
    """A phrase for each noun coordinated at `head`: "Russia and Iran" gives two. `outside`: see `read_phrase`."""
    heads = conjuncts(parse, head)
    if len(heads) == 1:
        return (read_phrase(parse, head, outside=outside),)
    if _is_shared_adjective(parse, heads[0], heads[1]):
        last = read_phrase(parse, heads[1], outside=outside)
        both = replace(last, text=parse.phrase(heads[0], last.end), start=heads[0])
        return (both, *(read_phrase(parse, h, outside=outside) for h in heads[2:]))
    return tuple(read_phrase(parse, h, outside=outside) for h in heads)


def _is_shared_adjective(parse: Parse, first: int, second: int) -> bool:
    """Whether the first conjunct only goes with the noun of the second: "Greek and Turkish ministers"."""
    other = first + 2
    described = parse.childs(second, "amod", "compound", "nmod")
    return (
        parse.tags[first] == "JJ" and other in described and parse.tags[other] == "JJ" and parse.words[other].istitle()
    )


def read_phrase(parse: Parse, head: int, *, outside: int = -1, bare: bool = False) -> Phrase:
    """The short phrase around `head`; an apposition that names it takes its place.

    The token `outside` stays out: "wounded soldiers" as those whom "wounded" reports on are "soldiers". `bare` leaves
    the head alone, without its modifiers.

    "the party chairman, Grant Hill" gives "Grant Hill", "Grant Hill, the party chairman" too.
    """
    if bare:
        head = _named(parse, head)
        return Phrase(text=parse.words[head], start=head, end=head + 1, head=head)
    known = _known_phrases(parse)
    if head not in known:
        known[head] = _whole_phrase(parse, head)
    phrase, start, end = known[head]
    return _phrase(parse, phrase.head, outside + 1, end) if start <= outside < phrase.head else phrase


@lru_cache(maxsize=1)
def _known_phrases(parse: Parse) -> dict[int, tuple[Phrase, int, int]]:
    """What was read already in the article: a noun fills roles of several verbs."""
    return {}


def _whole_phrase(parse: Parse, head: int) -> tuple[Phrase, int, int]:
    """The phrase around a head, with the tokens [start, end) from which it is cut."""
    head = _named(parse, head)
    start, end = _core(parse, head)
    end = _with_identifying(parse, head, start, end)
    return _phrase(parse, head, start, end), start, end


def _phrase(parse: Parse, head: int, start: int, end: int) -> Phrase:
    """The phrase of the tokens [start, end) around a head, without words at its ends that name nobody."""
    while start < head and _is_outside(parse, start, head):
        start += 1
    while end - 1 > head and parse.pos[end - 1] in ("PUNCT", "SPACE"):
        end -= 1
    if end - start > LONGEST:
        start, end = max(start, head - LONGEST + 1), head + 1
    return Phrase(text=parse.phrase(start, end), start=start, end=end, head=head)


def _is_outside(parse: Parse, token: int, head: int) -> bool:
    """Whether the first word of a phrase names nobody: an article, a mark, "last year" before "champion"."""
    if parse.lowers[token] in _DROPPED or parse.pos[token] in ("PUNCT", "SPACE"):
        return True
    return parse.entities[token] in _TIMES and parse.entities[head] not in _TIMES


def _named(parse: Parse, head: int) -> int:
    """The name that stands as apposition to a noun; the head itself where there is none."""
    if parse.pos[head] == "NOUN":
        for c in parse.children[head]:
            if parse.deps[c] == "appos" and parse.pos[c] == "PROPN":
                return c
    return head


def _core(parse: Parse, head: int) -> tuple[int, int]:
    start, end = head, head + 1
    for c in reversed(parse.children[head]):
        if c > head or (parse.deps[c] not in _LEFT and not (parse.deps[c] == "punct" and parse.words[c] in "-\"'“‘")):
            continue
        leftmost = _leftmost(parse, c)
        if leftmost < start:
            start = leftmost
    for c in parse.children[head]:
        # "Nato 's", "iPhone 4", "Bank One": what follows the head and belongs to the name
        if c == end and parse.deps[c] in ("nummod", "nmod", "compound", "advmod") and parse.pos[c] in ("NUM", "PROPN"):
            end = c + 1
    return start, _whole_word(parse, end)


def _whole_word(parse: Parse, end: int) -> int:
    """Where the written word ends that tokens cut at a hyphen: "pre-orders", "co-founder"."""
    while end + 1 < len(parse.words) and parse.words[end] == "-" and parse.is_tight(end - 1) and parse.is_tight(end):
        end += 2
    return end


def _leftmost(parse: Parse, token: int) -> int:
    left = token
    while parse.children[left] and parse.children[left][0] < left:
        left = parse.children[left][0]
    return left


def _with_identifying(parse: Parse, head: int, start: int, end: int, depth: int = 0) -> int:
    """Where the phrase ends with the of-phrase that says which one: "the president of Chile"."""
    if depth > LONG_MODIFIER:
        return end
    for c in parse.children[head]:
        named = parse.lowers[c] == "of" or (parse.lowers[c] == "as" and parse.lemmas[head] in _OFFICES)
        if c != end or parse.deps[c] != "prep" or not named:
            continue
        obj = parse.child(c, "pobj")
        if obj is None:
            continue
        _, inner_end = _core(parse, obj)
        inner_end = _with_identifying(parse, obj, obj, inner_end, depth + 1)
        if inner_end - c <= LONG_MODIFIER and inner_end - start <= LONGEST:
            return inner_end
    return end
