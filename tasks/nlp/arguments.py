"""Who acts and who undergoes: the arguments of a verb, its own and those that grammar lends it."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.lexicon.reader import Lexicon
from tasks.nlp.parse import Parse
from tasks.nlp.parties import is_party

MAX_DEPTH = 8  # how far a subject is sought up the tree; news sentences stay below 5
# Adjectives of those who act: "it is willing to talk", as against "it is important to talk".
WILLING = frozenset(
    {"willing", "unwilling", "ready", "able", "unable", "prepared", "keen", "eager", "reluctant", "likely", "unlikely",
     "set", "due", "determined", "committed", "free", "responsible", "aware", "confident", "concerned"}
)  # fmt: skip
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "offer", "agree"})
_NO_AGENT = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "ORDINAL", "QUANTITY"})
_SOURCES = frozenset({"according", "including", "following"})
_AIMS = frozenset({"aim", "goal", "objective", "purpose", "idea", "task", "job", "priority", "mission", "intention"})
_WORDS = frozenset({"statement", "letter", "report", "article", "editorial", "message", "post", "speech", "video"})
_INTRANSITIVE = frozenset(
    {"appear", "arrive", "become", "begin", "collapse", "come", "continue", "crash", "decline", "depart", "die",
     "disappear", "emerge", "escape", "fall", "flee", "go", "grow", "happen", "lie", "live", "occur", "remain",
     "resign", "retire", "return", "rise", "run", "shrink", "sit", "stand", "stay", "survive", "vanish"}
)  # fmt: skip
# What two parties do to one thing: "an agreement reached between the firms", as against "a line drawn between them".
_SHARED = frozenset({"agree", "broker", "conclude", "fight", "hold", "negotiate", "reach", "settle", "sign", "strike"})
_PASSIVE = frozenset({"nsubjpass", "auxpass", "csubjpass"})
_CAUSING = frozenset({"get", "have", "keep", "order"})
_BLAMING = frozenset({"of", "from", "into", "with", "for"})
# By what something is done rather than by whom, where the noun stands bare: "spoke by telephone", "came by sea".
_MEANS = frozenset(
    {"air", "boat", "bus", "car", "courier", "decree", "default", "email", "e-mail", "fax", "foot", "force", "hand",
     "helicopter", "land", "law", "letter", "mail", "phone", "plane", "post", "radio", "rail", "road", "sea", "ship",
     "surprise", "telegram", "telephone", "train", "truck", "video", "videoconference", "way"}
)  # fmt: skip
NEXT = 2  # tokens from an object to the participle that says what is done to it: "had the bridge quietly closed"
NEAR = 4  # tokens between conjoined verbs that share an object: "met, and then defeated, X"


@dataclass(frozen=True, slots=True)
class Found:
    """Head tokens that fill a role, and the rule that found them."""

    heads: tuple[int, ...]
    rule: str


NOBODY = Found((), "")


def is_passive(parse: Parse, verb: int) -> bool:
    """Whether the verb's surface subject undergoes: "was attacked", "a town captured by rebels"."""
    roles = {parse.deps[c] for c in parse.children[verb]}
    if "auxpass" in roles and _is_has(parse, verb):
        return False
    if not _PASSIVE.isdisjoint(roles):
        return True
    tag = parse.tags[verb]
    if tag not in ("VBN", "VBD") or "aux" in roles or _is_main_clause(parse, verb):
        return False
    has_subject, has_object = "nsubj" in roles, "dobj" in roles or "obj" in roles
    dep, head = parse.deps[verb], parse.heads[verb]
    if has_subject:
        if has_object or parse.lemmas[verb] in _INTRANSITIVE:
            return False
        # "Airline swamped by complaints": headlines leave the auxiliary out; "with the ship registered in Malta"
        if tag == "VBN" and dep not in ("ROOT", "relcl"):
            return True
        # but not "won by eight points"
        return any(parse.child(h, "nummod") is None for h in agents(parse, verb).heads)
    if dep == "conj":
        # "was arrested and taken away": the auxiliary of the first verb serves both, but not in "was shot and died"
        shared = parse.is_verb(head) and parse.tags[head] == "VBN" and is_passive(parse, head)
        return shared and not has_object and (tag == "VBN" or parse.lemmas[verb] not in _INTRANSITIVE)
    if tag == "VBD":
        return dep in ("acl", "amod") and not has_object
    return dep in ("acl", "amod", "advcl", "prep", "relcl", "pcomp", "xcomp", "ccomp", "oprd", "acomp", "attr", "dep")


def _is_main_clause(parse: Parse, verb: int) -> bool:
    """Whether the participle at the noun that heads a full sentence is its main verb, of which there must be one.

    "Officials of both countries negotiated in Baghdad.": the parser takes it for "officials who were negotiated".
    Headlines leave out the full stop, and the auxiliary: "Aid worker killed in Gaza".
    """
    noun = parse.heads[verb]
    if parse.deps[verb] != "acl" or parse.deps[noun] != "ROOT" or verb < noun or parse.tags[verb] not in ("VBD", "VBN"):
        return False
    if not any(parse.words[c] == "." for c in parse.children[noun]) or agents(parse, verb).heads:
        return False
    return not any(parse.is_verb(c) and c != verb and parse.deps[c] != "relcl" for c in parse.children[noun])


def _is_has(parse: Parse, verb: int) -> bool:
    """Whether the passive's 's is "has": "she's had a tough year", "he's come back"."""
    auxiliary = parse.child(verb, "auxpass")
    if auxiliary is None or parse.lowers[auxiliary] not in ("'s", "’s"):
        return False
    return parse.lemmas[verb] in _INTRANSITIVE or parse.child(verb, "dobj") is not None


def surface_subject(parse: Parse, verb: int, lexicon: Lexicon, depth: int = 0) -> Found:
    """The heads of the verb's grammatical subject, shared, controlled or understood ones included."""
    own = own_subject(parse, verb)
    if own is not None:
        antecedent = _antecedent(parse, own, verb)
        if antecedent is not None:
            return Found((antecedent,), "relative clause")
        return Found((own,), "subject")
    lent = _lent_subject(parse, verb)
    if lent is not None:
        return Found((lent,), "subject before a participle")
    if parse.child(verb, "csubj", "csubjpass", "expl") is not None or depth > MAX_DEPTH:
        return NOBODY
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep == "conj":
        if parse.is_verb(head):
            return _renamed(surface_subject(parse, head, lexicon, depth + 1), "conjoined verb")
        # "as well as stating", "including X and studying Y": the verb above has the subject
        return _verb_above(parse, verb, lexicon, depth)
    if dep in ("xcomp", "ccomp", "oprd", "acomp"):
        if dep == "ccomp" and parse.tags[verb] not in ("VB", "VBG", "VBN"):
            return NOBODY
        return _controller(parse, verb, head, lexicon, depth)
    if dep in ("advcl", "dep", "csubj") and parse.is_verb(head):
        if (
            dep == "advcl"
            and parse.tags[verb] == "VB"
            and is_passive(parse, head)
            and parse.child(verb, "mark") is None
        ):
            # "The bridge was blown up to stop them": whoever blew it up wants to stop them
            return _renamed(agents(parse, head), "purpose of the agent")
        found = _renamed(surface_subject(parse, head, lexicon, depth + 1), "adjunct")
        if lexicon.is_reporting(parse.lemmas[verb]) and parse.deps[head] == "ccomp":
            speaker = surface_subject(parse, parse.heads[head], lexicon, depth + 1)
            if speaker.heads and not any(is_party(parse, h, lexicon) for h in found.heads):
                # "The army said the bridge had fallen, adding that ..."
                return _renamed(speaker, "adjunct")
        return found
    if dep == "amod":
        return Found((_described(parse, head),), "participle before a noun")
    if dep in ("acl", "relcl"):
        return _modified(parse, verb, lexicon, depth)
    if dep in ("pcomp", "prep"):
        above = parse.heads[head] if dep == "pcomp" else head
        if parse.is_verb(above):
            accused = parse.child(above, "dobj")
            if (
                dep == "pcomp"
                and parse.lowers[head] in _BLAMING
                and accused is not None
                and not is_passive(parse, above)
            ):
                # "accused the army of shelling", "barred him from leaving": the object does it
                return Found((accused,), "object control")
            return _renamed(surface_subject(parse, above, lexicon, depth + 1), "adjunct")
        if dep == "prep" and parse.is_nominal(above):
            return Found((above,), "adjunct")
        if parse.deps[above] == "dobj" and parse.lowers[head] in _BLAMING and is_party(parse, above, lexicon):
            # the same where the parser hangs the phrase on the noun
            return Found((above,), "object control")
        if dep == "pcomp" and parse.lowers[head] in ("about", "over"):
            # "voiced concern about shelling the town": not who voices it
            return NOBODY
        return _owner(parse, above, lexicon, depth)
    if dep in ("dobj", "attr", "pobj"):
        return _verb_above(parse, verb, lexicon, depth)
    return NOBODY


def own_subject(parse: Parse, verb: int) -> int | None:
    """The verb's subject, also where the parser hangs it on an auxiliary ("They have been hard hit")."""
    own = parse.child(verb, "nsubj", "nsubjpass")
    if own is None:
        for c in parse.childs(verb, "aux", "auxpass"):
            own = parse.child(c, "nsubj", "nsubjpass")
            if own is not None:
                break
    return own


def _lent_subject(parse: Parse, verb: int) -> int | None:
    """The subject that the parser gave to a participle in between: "The man charged, aged 22, appeared in court"."""
    if parse.tags[verb] not in ("VBD", "VBZ", "VBP", "VBN") or parse.deps[verb] in ("acl", "amod", "xcomp"):
        return None
    for c in parse.children[verb]:
        if c < verb and parse.deps[c] in ("advcl", "csubj", "csubjpass") and parse.tags[c] in ("VBN", "VBG", "VBD"):
            own = parse.child(c, "nsubj", "nsubjpass")
            if own is not None and own < c and parse.child(c, "mark", "aux", "auxpass") is None:
                return own
    return None


def _verb_above(parse: Parse, token: int, lexicon: Lexicon, depth: int) -> Found:
    """The subject of the next verb above: that of a gerund ("began shelling" as object)."""
    at = token
    for _ in range(MAX_DEPTH):
        above = parse.heads[at]
        if above == at or parse.deps[at] in ("nsubj", "nsubjpass", "csubj"):
            return NOBODY
        if parse.is_verb(above):
            return _renamed(surface_subject(parse, above, lexicon, depth + 1), "gerund")
        at = above
    return NOBODY


def _modified(parse: Parse, verb: int, lexicon: Lexicon, depth: int) -> Found:
    """The subject of a clause that hangs on a noun: "rebels holding the town", "a plan to leave"."""
    noun = parse.heads[verb]
    if parse.deps[verb] == "relcl":
        return Found((noun,), "relative clause")
    if parse.tags[verb] == "VBG" and parse.deps[noun] in ("dobj", "pobj") and _is_word(parse, noun, lexicon):
        # "issued a statement condemning the attack": who issued it condemns
        found = _owner(parse, noun, lexicon, depth)
        if found.heads:
            return found
    if parse.tags[verb] in ("VBN", "VBG", "VBD"):
        return Found((noun,), "reduced relative clause")
    if parse.deps[noun] == "ROOT" and is_party(parse, noun, lexicon) and parse.child(verb, "mark") is None:
        # "Togo to hold election in June": what headlines leave out of "is to"
        return Found((noun,), "headline future")
    return _owner(parse, noun, lexicon, depth)


def _is_word(parse: Parse, noun: int, lexicon: Lexicon) -> bool:
    """Whether the noun is something said or done rather than somebody."""
    row = lexicon.event_noun(parse.lemmas[noun])
    return row is not None or parse.lemmas[noun] in _WORDS


def _described(parse: Parse, noun: int) -> int:
    """Whom a role noun describes: "Ann Lee, the acting head" and "Ann Lee is the acting head" are about Ann Lee."""
    head = parse.heads[noun]
    if parse.deps[noun] == "appos" and parse.is_nominal(head):
        return head
    if parse.deps[noun] == "attr" and parse.lemmas[head] == "be":
        subject = parse.child(head, "nsubj")
        return noun if subject is None else subject
    return noun


def _renamed(found: Found, rule: str) -> Found:
    return Found(found.heads, rule) if found.heads else NOBODY


def _antecedent(parse: Parse, pronoun: int, verb: int) -> int | None:
    """The noun that a relative pronoun stands for: "rebels who seized the town"."""
    word = parse.lowers[pronoun]
    if word not in _RELATIVE or parse.tags[pronoun] not in ("WDT", "WP", "IN", "DT", "PRP"):
        return None
    noun = _clause_noun(parse, verb)
    before = pronoun - 1
    while before > 0 and parse.pos[before] == "PUNCT":
        before -= 1
    if before < 0 or not (parse.is_nominal(before) or parse.words[before][:1].isupper()) or parse.deps[verb] != "relcl":
        return noun
    # "a lead over the Greens, who won": the name next to "who" rather than the thing the parser chose
    nearer = word == "who" and parse.pos[before] == "PROPN" and noun is not None and parse.pos[noun] == "NOUN"
    if noun is None or (nearer and parse.entities[noun] == "" and _names_nobody(parse, noun)):
        return before
    return noun


def _names_nobody(parse: Parse, noun: int) -> bool:
    return parse.child(noun, "appos") is None and parse.lemmas[noun].endswith(("ity", "tion", "ment", "ness", "ence"))


def _clause_noun(parse: Parse, verb: int) -> int | None:
    for _ in range(MAX_DEPTH):
        head = parse.heads[verb]
        if parse.deps[verb] == "relcl":
            return head if parse.is_nominal(head) or parse.words[head][:1].isupper() else None
        if parse.deps[verb] not in ("conj", "ccomp", "xcomp"):
            return None
        verb = head
    return None


def _controller(parse: Parse, verb: int, governor: int, lexicon: Lexicon, depth: int) -> Found:
    """Who does what an infinitive says: the governor's object ("forced residents to leave"), else its subject."""
    if not parse.is_verb(governor):
        # "is ready to sign": the adjective's verb has the subject
        above = parse.heads[governor]
        if above != governor and parse.is_verb(above):
            subject = surface_subject(parse, above, lexicon, depth + 1)
            if parse.lowers[governor] not in WILLING and not any(is_party(parse, h, lexicon) for h in subject.heads):
                # "it is important to act", "the rule is essential to stop them": nobody in particular
                return NOBODY
            return _renamed(subject, "control")
        return NOBODY
    lemma = parse.lemmas[governor]
    if parse.tags[verb] == "VB" and lexicon.is_reporting(lemma) and parse.child(verb, "aux") is None:
        # "saying, 'Stop the war'": whoever is spoken to
        return NOBODY
    if lemma == "be":
        subject = surface_subject(parse, governor, lexicon, depth + 1)
        if parse.child(governor, "acomp", "attr", "prep") is not None:
            if any(parse.lowers[h] == "it" for h in subject.heads):
                return NOBODY
            return _renamed(subject, "control")
        if any(_is_aim(parse, h, lexicon) for h in subject.heads):
            # "their aim is to repel intruders": the aim's owner acts, not the aim
            return _owner(parse, subject.heads[0], lexicon, depth)
        return _renamed(subject, "control")
    if not is_passive(parse, governor) and not _keeps_subject(lemma, lexicon):
        obj = parse.child(governor, "dobj", "dative")
        if obj is not None and (lexicon.is_object_control(lemma) or is_party(parse, obj, lexicon)):
            return Found((obj,), "object control")
        if lexicon.is_object_control(lemma):
            for c in parse.childs(governor, "prep"):
                asked = parse.child(c, "pobj")
                if asked is not None and parse.lowers[c] in ("on", "upon", "for", "to", "with"):
                    # "called on both sides to stop": those called on are to stop
                    return Found((asked,), "object control")
    return _renamed(surface_subject(parse, governor, lexicon, depth + 1), "control")


def _keeps_subject(lemma: str, lexicon: Lexicon) -> bool:
    return (lemma in _SUBJECT_CONTROL or lexicon.is_control(lemma)) and not lexicon.is_object_control(lemma)


def _is_aim(parse: Parse, noun: int, lexicon: Lexicon) -> bool:
    return parse.pos[noun] == "NOUN" and (
        parse.lemmas[noun] in _AIMS or lexicon.event_noun(parse.lemmas[noun]) is not None
    )


def _owner(parse: Parse, noun: int, lexicon: Lexicon, depth: int) -> Found:
    """Who does what hangs on a noun: "its plan to leave", "they made a decision to leave"."""
    owner = parse.child(noun, "poss")
    if owner is not None:
        return Found((owner,), "possessor")
    for c in parse.childs(noun, "compound", "nmod"):
        # "government efforts to cut the deficit"
        if is_party(parse, c, lexicon):
            return Found((c,), "modifier of the noun")
    for c in parse.childs(noun, "prep"):
        # "a broader effort by Egypt to win allies"
        obj = parse.child(c, "pobj")
        if obj is not None and (parse.lowers[c] == "by" or (parse.lowers[c] == "of" and parse.is_nominal(obj))):
            # "an effort by Egypt to win allies", "the right of every state to veto"
            return Found((obj,), f"{parse.lowers[c]}-phrase of the noun")
    return _verb_above(parse, noun, lexicon, depth)


def agents(parse: Parse, verb: int) -> Found:
    """The by-phrase of a passive ("was attacked by rebels"), or the parties between whom something was reached."""
    for c in parse.children[verb]:
        if parse.deps[c] == "agent" or (parse.deps[c] == "prep" and parse.lowers[c] == "by"):
            obj = parse.child(c, "pobj")
            if obj is None or parse.entities[obj] in _NO_AGENT or parse.pos[obj] == "NUM" or is_means(parse, obj):
                continue
            # "welcomed by Turkey and by Greece"
            again = (p for p in parse.childs(c, "conj") if parse.lowers[p] == "by")
            return Found((obj, *(o for p in again for o in parse.childs(p, "pobj"))), "by-phrase")
    for c in parse.children[verb]:
        if parse.deps[c] == "prep" and parse.lowers[c] == "between" and parse.lemmas[verb] in _SHARED:
            obj = parse.child(c, "pobj")
            if obj is not None and parse.entities[obj] not in _NO_AGENT:
                return Found((obj,), "between-phrase")
    return NOBODY


def is_means(parse: Parse, noun: int) -> bool:
    """Whether the object of "by" tells by what means: "spoke by telephone", as against "was hit by a car"."""
    return parse.lowers[noun] in _MEANS and parse.child(noun, "det", "poss", "nummod", "amod") is None


def causer(parse: Parse, verb: int, lexicon: Lexicon) -> Found:
    """Who has it done: "ordered the flag lowered", "kept the families informed"."""
    noun = parse.heads[verb]
    governor = parse.heads[noun]
    if parse.deps[verb] != "acl" or parse.deps[noun] != "dobj" or parse.lemmas[governor] not in _CAUSING:
        return NOBODY
    if verb - noun > NEXT:
        return NOBODY
    return _renamed(surface_subject(parse, governor, lexicon), "causer")


def direct_objects(parse: Parse, verb: int) -> list[int]:
    """The heads of the verb's direct objects, those it shares or that a relative clause takes out of it included."""
    found = [most] if (most := _most(parse, verb)) is not None else []
    for c in parse.children[verb]:
        # "sports including rowing": the parser takes the participle for a preposition
        if parse.deps[c] not in ("dobj", "obj") and not (parse.deps[c] == "pobj" and parse.deps[verb] == "prep"):
            continue
        antecedent = _antecedent(parse, c, verb)
        found.append(c if antecedent is None else antecedent)
    if not found and parse.child(verb, "ccomp", "xcomp", "acomp", "attr", "prep", "agent", "dative", "oprd") is None:
        found = _shared_object(parse, verb)
    if not found and parse.deps[verb] in ("relcl", "xcomp", "ccomp") and not is_passive(parse, verb):
        found = _extracted_object(parse, verb)
    if not found and parse.lemmas[verb] != "be":
        attribute = parse.child(verb, "attr")
        if attribute is not None and parse.is_nominal(attribute):
            found = [attribute]
    return found


def _most(parse: Parse, verb: int) -> int | None:
    """The counted object that the parser hangs on the "to" of "up to": "kidnapped up to 16 nuns"."""
    if verb + 2 >= len(parse.words) or (parse.lowers[verb + 1], parse.lowers[verb + 2]) != ("up", "to"):
        return None
    obj = parse.child(verb + 2, "pobj")
    counted = obj is not None and (parse.pos[obj] == "NUM" or parse.child(obj, "nummod") is not None)
    return obj if counted and obj is not None and parse.entities[obj] not in ("TIME", "DATE") else None


def _shared_object(parse: Parse, verb: int) -> list[int]:
    """The object of the next conjoined verb: "met and defeated Mexico"."""
    follower = parse.child(verb, "conj")
    if follower is None or not parse.is_verb(follower) or follower - verb > NEAR:
        return []
    if any(parse.is_nominal(t) for t in range(verb + 1, follower)) or is_passive(parse, verb):
        return []
    return parse.childs(follower, "dobj")[:1]


def _extracted_object(parse: Parse, verb: int) -> list[int]:
    """The noun that a relative clause lacks: "the phone Apple released", "a deal which it declined to sign"."""
    top = verb
    for _ in range(MAX_DEPTH):
        if parse.deps[top] == "relcl":
            break
        if parse.deps[top] not in ("xcomp", "ccomp") or parse.child(parse.heads[top], "dobj") is not None:
            return []
        top = parse.heads[top]
    else:
        return []
    if parse.child(top, "xcomp") is not None and top == verb:
        return []
    own = parse.child(top, "nsubj", "nsubjpass")
    if own is None or _antecedent(parse, own, top) is not None or not parse.is_nominal(parse.heads[top]):
        return []
    if any(parse.lowers[c] == "whose" for c in parse.childs(own, "poss")):
        # "Eritrea, whose soldiers fought beside them": nothing is left out
        return []
    if any(parse.lowers[c] in ("where", "when", "why", "how") for c in parse.children[top]):
        return []
    return [] if _has_relative_oblique(parse, top) else [parse.heads[top]]


def _has_relative_oblique(parse: Parse, verb: int) -> bool:
    for c in parse.children[verb]:
        if parse.deps[c] == "prep":
            obj = parse.child(c, "pobj")
            if obj is None or parse.lowers[obj] in _RELATIVE:
                return True
    return False


def datives(parse: Parse, verb: int) -> list[int]:
    """Who receives: "gave them an ultimatum", "sold arms to the rebels"."""
    found = []
    for c in parse.children[verb]:
        if parse.deps[c] == "dative":
            obj = parse.child(c, "pobj") if parse.pos[c] == "ADP" else c
            if obj is not None:
                found.append(obj)
    return found


def obliques(parse: Parse, verb: int) -> list[tuple[str, int]]:
    """(preposition, head of its object) for each prepositional phrase of the verb, in order of position."""
    found = []
    for c in parse.children[verb]:
        if parse.deps[c] not in ("prep", "agent", "dative", "prt", "advmod") or parse.lowers[c] in _SOURCES:
            continue
        for o in parse.childs(c, "pobj"):
            antecedent = _antecedent(parse, o, verb)
            found.append((parse.lowers[c], o if antecedent is None else antecedent))
        for inner in parse.childs(c, "prep"):
            # "out of the city", "up to the border"
            found.extend((parse.lowers[inner], o) for o in parse.childs(inner, "pobj"))
    if parse.deps[verb] == "relcl" and not any(obj == parse.heads[verb] for _, obj in found):
        # "the town they fled from": a preposition left alone
        for c in parse.childs(verb, "prep"):
            if not parse.children[c]:
                found.append((parse.lowers[c], parse.heads[verb]))
    return found


def particles(parse: Parse, verb: int) -> tuple[str, ...]:
    """The particles of a phrasal verb: "carry out"."""
    if _most(parse, verb) is not None:
        return ()
    return tuple(parse.lowers[c] for c in parse.children[verb] if parse.deps[c] == "prt")


def complements(parse: Parse, verb: int) -> list[int]:
    """Heads of the clauses that the verb takes as complement: "urged X to withdraw", "said that X fled"."""
    return [c for c in parse.children[verb] if parse.deps[c] in ("xcomp", "ccomp")]


def topic(parse: Parse, clause: int, depth: int = 0) -> Found:
    """Whom a complement speaks of: "said that rebels fled" gives the rebels, "agreed to host talks" the talks."""
    own = parse.child(clause, "nsubj", "nsubjpass")
    # "said he would visit Oslo": a pronoun tells little, the object says more
    if own is not None and parse.deps[clause] == "ccomp" and parse.pos[own] != "PRON":
        return Found((own,), "subject of the complement")
    inner = parse.child(clause, "dobj", "attr")
    if inner is not None and parse.is_nominal(inner):
        return Found((inner,), "object of the complement")
    for c in parse.childs(clause, "prep"):
        obj = parse.child(c, "pobj")
        if obj is not None:
            return Found((obj,), "object of the complement")
    embedded = parse.child(clause, "xcomp", "ccomp")
    if embedded is not None and depth < MAX_DEPTH:
        found = topic(parse, embedded, depth + 1)
        if found.heads:
            return found
    return NOBODY if own is None else Found((own,), "subject of the complement")
