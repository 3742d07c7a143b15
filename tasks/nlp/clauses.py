"""The extent of a clause: a verb's own words, without the clauses it embeds or conjoins."""

from __future__ import annotations

from tasks.nlp.parse import Parse

_EMBEDDED = frozenset({"ccomp", "advcl", "relcl", "csubj", "parataxis", "csubjpass"})


def clause_tokens(parse: Parse, head: int) -> tuple[int, ...]:
    """Every token of the clause of `head` (a verb or an event noun), in order of position."""
    found = [head]
    for t in found:
        for c in parse.children[t]:
            dep = parse.deps[c]
            if dep in _EMBEDDED or (dep == "conj" and parse.is_verb(c)):
                continue
            found.append(c)
    found.sort()
    return tuple(found)
