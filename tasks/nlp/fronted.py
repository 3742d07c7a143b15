"""Dates that open a sentence without a comma: "On May 7 India bombed camps", "Last December Petro announced a truce".

The parser, trained on text that mostly sets the comma, takes such a date and the subject after it for one phrase. It
reads these sentences with a comma, which leaves the Doc again after the parse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.attrs import ENT_IOB, ENT_TYPE, LEMMA, MORPH, POS, TAG
from spacy.tokens import Doc

from tasks.contracts.records import Sentence

_MARKS = "fronted_commas"
_ATTRIBUTES = (TAG, POS, LEMMA, MORPH, ENT_IOB, ENT_TYPE)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_PART = r"(?: (?:morning|afternoon|evening|night))?"
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_UNIT = r"(?:day|week|month|year|summer|autumn|winter|spring|night|morning|evening)"
# Words that go on with the date, tell when, or open another phrase that needs no comma.
_GOING_ON = (
    r"(?!(?:of|or|and|to|through|until|till|at|in|on|by|from|for|with|after|before|alone|only|when|that|which|as|but"
    r"|the|a|an|he|she|it|they|we|you|there|this|these|those|his|her|its|their|last|next|is|was|are|were|has|had|have"
    r"|will|would|came|saw|marks|marked|BC|AD|GMT|UTC|Day|Fools?)\b)(?=\w)"
)
# "On May 7", "On 1 August 2020", "On Monday night", "In early June", "In 1991", each before a word that could be its
# subject
_WITH_PREPOSITION = re.compile(
    rf"(?:On|In|By|Since|Until) (?:early |mid-|late )?"
    rf"(?:{_WEEKDAY}{_PART}|{_MONTH} {_DAY}(?!\w)(?:,? {_YEAR})?|{_DAY} {_MONTH}(?: {_YEAR})?|{_MONTH}(?: {_YEAR})?"
    rf"|{_YEAR})"
    rf"(?= {_GOING_ON})"
)
# "Last December Petro", "Two days later Iran": without a preposition only before a name, for "last week was quiet"
_BARE = re.compile(
    rf"(?:(?:Last|This|Next|Earlier this|Later this|Late last|Early last) (?:{_WEEKDAY}{_PART}|{_MONTH}|{_UNIT})"
    rf"|(?:A|One|Two|Three|Four|Five|Six|\d{{1,2}}) {_UNIT}s? (?:later|earlier|ago)|Yesterday|Today)"
    rf"(?= {_GOING_ON}[A-Z])"
)


def mark_fronted(doc: Doc, sentences: Sequence[Sentence]) -> Doc:
    """The unparsed Doc with a comma after each date that opens a sentence right before a subject; else the Doc itself.

    `take_marks` takes the commas away after the parse.
    """
    ends = []
    for sentence in sentences:
        found = _WITH_PREPOSITION.match(sentence.text) or _BARE.match(sentence.text)
        if found is not None:
            ends.append(sentence.start + found.end())
    if not ends:
        return doc
    wanted = set(ends)
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool] = []
    marks: list[int] = []
    for token in doc:
        words.append(token.text)
        spaces.append(bool(token.whitespace_))
        starts.append(bool(token.is_sent_start))
        if token.idx + len(token) in wanted and token.whitespace_:
            spaces[-1] = False
            marks.append(len(words))
            words.append(",")
            spaces.append(True)
            starts.append(False)
    if not marks:
        return doc
    return Doc(doc.vocab, words=words, spaces=spaces, sent_starts=starts, user_data={_MARKS: marks})


def take_marks(doc: Doc) -> Doc:
    """The parsed Doc without the commas of `mark_fronted`; the Doc itself where it has none."""
    marks = doc.user_data.get(_MARKS)
    if not marks:
        return doc
    dropped = set(marks)
    kept = [t for t in doc if t.i not in dropped]
    place = {t.i: i for i, t in enumerate(kept)}
    spaces = [bool(t.whitespace_) or t.i + 1 in dropped for t in kept]
    heads = []
    for token in kept:
        head = token.head
        while head.i in dropped and head.head.i != head.i:
            head = head.head
        heads.append(place.get(head.i, place[token.i]))
    bare = Doc(
        doc.vocab,
        words=[t.text for t in kept],
        spaces=spaces,
        heads=heads,
        deps=[t.dep_ for t in kept],
    )
    values = doc.to_array(list(_ATTRIBUTES))
    return bare.from_array(list(_ATTRIBUTES), values[[t.i for t in kept]])
