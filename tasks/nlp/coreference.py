"""Whom "he", "it", "the group" and a bare surname stand for, within the article and only where one name fits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tasks.lexicon.reader import Lexicon
from tasks.nlp.arguments import WILLING
from tasks.nlp.claims import speakers
from tasks.nlp.frames import Phrase
from tasks.nlp.parse import Parse
from tasks.nlp.phrases import read_phrase

_PERSONAL = frozenset({"he", "she", "him", "her", "his"})
_NEUTER = frozenset({"it", "its"})
_PLURAL = frozenset({"they", "them", "their"})
_FIRST = frozenset({"i", "me", "my"})
_NOMINAL = frozenset({"NOUN", "PROPN"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_TIMES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "ORDINAL", "QUANTITY"})
_BODIES = frozenset(
    {"agency", "alliance", "army", "body", "club", "commission", "committee", "company", "corporation", "country",
     "court", "embassy", "firm", "foundation", "group", "institution", "militia", "ministry", "movement", "network",
     "organisation", "organization", "outlet", "party", "republic", "state", "team", "union", "university"}
)  # fmt: skip
_COMPANY_LIKE = frozenset({"company", "firm", "group", "organisation", "organization", "agency", "corporation", "team"})
_NO_MENTIONS = frozenset({"appos", "attr", "npadvmod"})  # descriptions of others
_COLLECTIVES = frozenset({"ORG", "GPE", "NORP"})
_THINGS = frozenset({"ORG", "GPE", "NORP", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "LOC"})
_POLITE = frozenset({"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "sir", "gen.", "sen."})
MOST_MENTIONS = 40  # candidates looked at in one sentence; more stand in lists and tables only
MAX_DEPTH = 12
WINDOW = 2  # sentences back; farther antecedents of pronouns are rare in news and mostly wrong


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase that a later pronoun can stand for."""

    head: int
    sentence: int
    name: str
    is_person: bool
    is_plural: bool
    is_name: bool
    is_subject: bool


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """The noun phrases of an article that pronouns can stand for, and its full names by their last word.

    The phrases of a sentence are read when a pronoun first asks for them. `named` keeps what was named: "he" who says
    three things claims three events.
    """

    parse: Parse
    lexicon: Lexicon
    full_names: dict[str, tuple[str, ...]]
    by_title: dict[str, tuple[str, ...]]
    named: dict[tuple[int, int, int], Phrase] = field(default_factory=dict)
    _read: dict[int, tuple[Mention, ...]] = field(default_factory=dict)

    def in_sentence(self, number: int) -> tuple[Mention, ...]:
        """The sentence's candidates, in order of position."""
        if number not in self._read:
            parse = self.parse
            heads = (t for t in range(*parse.sentences[number]) if parse.pos[t] in _NOMINAL and _is_candidate(parse, t))
            self._read[number] = tuple(
                _mention(parse, t, number, self.lexicon) for t in heads if parse.deps[t] not in _NO_MENTIONS
            )
        return self._read[number]


def read_mentions(parse: Parse, lexicon: Lexicon) -> Mentions:
    """Every candidate of the article."""
    full_names: dict[str, dict[str, None]] = {}
    by_title: dict[str, dict[str, None]] = {}
    for t, pos in enumerate(parse.pos):
        if pos == "PROPN" and _is_candidate(parse, t):
            _index_name(parse, t, lexicon, full_names, by_title)
    return Mentions(
        parse=parse,
        lexicon=lexicon,
        full_names={k: tuple(v) for k, v in full_names.items()},
        by_title={k: tuple(v) for k, v in by_title.items()},
    )


def _is_candidate(parse: Parse, noun: int) -> bool:
    return parse.deps[noun] not in ("compound", "nmod") and parse.entities[noun] not in _TIMES


def _name_tokens(parse: Parse, head: int) -> list[int]:
    """The run of proper nouns that ends in `head`: "Jeyhun Bayramov"."""
    run = [head]
    t = head - 1
    while t >= 0 and parse.pos[t] == "PROPN" and parse.heads[t] in (head, *run):
        run.append(t)
        t -= 1
    run.reverse()
    return run


def _index_name(
    parse: Parse,
    head: int,
    lexicon: Lexicon,
    full_names: dict[str, dict[str, None]],
    by_title: dict[str, dict[str, None]],
) -> None:
    run = _name_tokens(parse, head)
    titles = []
    while len(run) > 1 and _is_title(parse.lowers[run[0]], lexicon):
        titles.append(parse.lowers[run.pop(0)])
    name = " ".join(parse.words[t] for t in run)
    if len(run) > 1:
        full_names.setdefault(parse.lowers[head], {})[name] = None
    before = parse.child(head, "compound", "appos", "nmod")
    if before is not None and parse.pos[before] == "NOUN":
        titles.append(parse.lemmas[before])
    if parse.deps[head] == "appos" and parse.pos[parse.heads[head]] == "NOUN":
        titles.append(parse.lemmas[parse.heads[head]])
    for title in titles:
        by_title.setdefault(title, {})[name] = None


def _is_title(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.roles or word in _POLITE


def _mention(parse: Parse, head: int, sentence: int, lexicon: Lexicon) -> Mention:
    entity = parse.entities[head]
    is_name = parse.pos[head] == "PROPN"
    titled = any(_is_title(parse.lowers[c], lexicon) for c in parse.childs(head, "compound", "nmod"))
    return Mention(
        head=head,
        sentence=sentence,
        name=parse.words[head].lower(),
        is_person=entity == "PERSON" or titled or (not is_name and parse.lemmas[head] in lexicon.roles),
        is_plural=parse.tags[head] in ("NNS", "NNPS") or parse.child(head, "conj") is not None,
        is_name=is_name,
        is_subject=parse.deps[head] in _SUBJECTS,
    )


def name_phrase(phrase: Phrase, parse: Parse, mentions: Mentions, lexicon: Lexicon) -> Phrase:
    """The phrase with the fuller name that it stands for; as it is where none or more than one fits."""
    place = (phrase.start, phrase.end, phrase.head)
    if place not in mentions.named:
        mentions.named[place] = _name_phrase(phrase, parse, mentions, lexicon)
    return mentions.named[place]


def _name_phrase(phrase: Phrase, parse: Parse, mentions: Mentions, lexicon: Lexicon) -> Phrase:
    head = phrase.head
    pos = parse.pos[head]
    name: str | None = None
    if pos == "PRON":
        name = _pronoun(parse, head, mentions, lexicon)
    elif pos == "PROPN":
        name = _completed(parse, phrase, mentions)
    elif pos == "NOUN" and phrase.end - phrase.start == 1 and _is_definite(parse, head):
        name = _definite(parse, head, mentions, lexicon)
    return phrase if name is None or name == phrase.text else replace(phrase, name=name)


def _completed(parse: Parse, phrase: Phrase, mentions: Mentions) -> str | None:
    """The full name of a surname: "Bayramov" is "Jeyhun Bayramov" where the article names no other."""
    if parse.entities[phrase.head] in ("GPE", "NORP", "LOC") or phrase.end - phrase.start > 1:
        return None
    full = mentions.full_names.get(parse.lowers[phrase.head], ())
    return full[0] if len(full) == 1 else None


def _is_definite(parse: Parse, head: int) -> bool:
    return any(parse.deps[c] == "det" and parse.lowers[c] == "the" for c in parse.children[head])


def _pronoun(parse: Parse, token: int, mentions: Mentions, lexicon: Lexicon) -> str | None:
    word = parse.lowers[token]
    if word in _FIRST:
        who = speakers(parse, token, lexicon)
        return _named(parse, who[0].head, mentions, lexicon) if len(who) == 1 else None
    if word in _PERSONAL:
        return _antecedent(parse, token, mentions, lexicon, person=True, plural=False)
    if word in _NEUTER and not _is_expletive(parse, token):
        return _antecedent(parse, token, mentions, lexicon, person=False, plural=False)
    if word in _PLURAL:
        return _antecedent(parse, token, mentions, lexicon, person=None, plural=True)
    return None


def _is_expletive(parse: Parse, token: int) -> bool:
    """Whether "it" stands for a clause: "it is clear that", "it seems"."""
    verb = parse.heads[token]
    if parse.deps[token] == "expl":
        return True
    if parse.lemmas[verb] in ("be", "seem", "appear", "remain"):
        quality = parse.child(verb, "acomp")
        if quality is not None and parse.lowers[quality] in WILLING:
            return False
        return parse.child(verb, "ccomp", "csubj", "acomp") is not None
    return parse.child(verb, "ccomp") is not None and parse.child(verb, "auxpass") is not None


def _antecedent(
    parse: Parse, token: int, mentions: Mentions, lexicon: Lexicon, *, person: bool | None, plural: bool
) -> str | None:
    here = parse.sentence_of(token)
    own_clause = -1 if parse.deps[token] in _SUBJECTS or parse.deps[token] == "poss" else parse.heads[token]
    for number in range(here, max(here - WINDOW, -1), -1):
        near = [m for m in mentions.in_sentence(number) if number < here or m.head < token][-MOST_MENTIONS:]
        fitting = [
            m
            for m in near
            if (person is None or m.is_person == person)
            and (m.is_plural == plural or (plural and _is_collective(parse, m.head)))
            and (person is not False or not m.is_name or parse.entities[m.head] in _THINGS)
            # "he praised him": an object pronoun does not stand for its own subject
            and not (m.is_subject and parse.heads[m.head] == own_clause)
            # "'The pope is ill,' he said": who speaks is not whom he speaks of
            and not (number == here and _is_said_by(parse, m.head, token))
        ]
        if person is not True:
            # who acted before, else the only thing named in the sentence: "unrest at the volcano, but it is quiet"
            acting = [m for m in fitting if m.is_subject]
            fitting = acting or (fitting if number == here else [])
        if number < here:
            fitting = [m for m in fitting if m.is_name]
        names = {m.name for m in fitting}
        if len(names) == 1:
            return _named(parse, fitting[-1].head, mentions, lexicon)
        if names:
            return None
    return None


def _is_said_by(parse: Parse, inner: int, pronoun: int) -> bool:
    """Whether `inner` stands in the clause that the pronoun's verb reports."""
    verb = parse.heads[pronoun]
    at = inner
    for _ in range(MAX_DEPTH):
        above = parse.heads[at]
        if above == verb:
            return parse.deps[at] in ("ccomp", "parataxis")
        if above == at:
            return False
        at = above
    return False


def _is_collective(parse: Parse, head: int) -> bool:
    """Whether "they" can stand for the singular name: an organisation's, a people's, an abbreviation."""
    return parse.entities[head] in _COLLECTIVES or (parse.pos[head] == "PROPN" and parse.words[head].isupper())


def _named(parse: Parse, head: int, mentions: Mentions, lexicon: Lexicon) -> str | None:
    if parse.pos[head] == "PRON":
        return _pronoun(parse, head, mentions, lexicon) if parse.lowers[head] not in _FIRST else None
    phrase = read_phrase(parse, head)
    return _completed(parse, phrase, mentions) or phrase.text


def _definite(parse: Parse, head: int, mentions: Mentions, lexicon: Lexicon) -> str | None:
    """The name behind "the ministry", "the president", "the company"."""
    noun = parse.lemmas[head]
    titled = mentions.by_title.get(noun, ())
    if len(titled) == 1:
        return titled[0]
    if noun not in _BODIES or titled:
        return None
    here = parse.sentence_of(head)
    names: dict[str, int] = {}
    for number in range(max(here - WINDOW, 0), here + 1):
        for m in mentions.in_sentence(number):
            if m.head >= head or not m.is_name or m.is_person or not m.is_subject:
                continue
            if _is_called(parse, m.head, noun):
                names[m.name] = m.head
    if len(names) == 1:
        return read_phrase(parse, next(iter(names.values()))).text
    return None


def _is_called(parse: Parse, head: int, noun: str) -> bool:
    """Whether the name is one of a `noun`: "Defence Ministry" of a ministry, an organisation of a company."""
    if any(parse.lowers[t] == noun for t in (head, *parse.children[head])):
        return True
    entity = parse.entities[head]
    return (entity == "ORG" and noun in _COMPANY_LIKE) or (entity == "GPE" and noun in ("country", "republic"))
