"""What the vocabularies hold: verbs, rows and event nouns of each type, role nouns and organisations of each sector.

    python bench/lexicon.py

Reading them checks every row; a wrong one ends with its file and line.
"""

from __future__ import annotations

from collections import Counter

from tasks.contracts.codes import EVENT_TYPES, SECTORS
from tasks.lexicon.reader import COMPLEMENT, NOUN, load_lexicon


def main() -> None:
    """Print the counts."""
    lexicon = load_lexicon()
    rows = [row for rows in lexicon.verbs.values() for row in rows]
    phrases: Counter[str] = Counter()  # ways to say it: each verb with each of its prepositions and objects
    for row in rows:
        phrases[row.event_type] += max(1, len(row.preps)) * max(1, len(row.objects))
    verbs = Counter(event_type for event_type, _ in {(row.event_type, row.verb) for row in rows})
    nouns = Counter(row.event_type for row in (*lexicon.nouns.values(), *lexicon.topic_nouns.values()))
    print(f"{'type':12}{'verbs':>7}{'rows':>7}{'phrases':>9}{'nouns':>7}")
    row_counts = Counter(row.event_type for row in rows)
    for event_type in (*EVENT_TYPES, NOUN, COMPLEMENT):
        print(
            f"{event_type:12}{verbs[event_type]:7}{row_counts[event_type]:7}"
            f"{phrases[event_type]:9}{nouns[event_type]:7}"
        )
    print(f"{'all':12}{len(lexicon.verbs):7}{len(rows):7}{sum(phrases.values()):9}{sum(nouns.values()):7}")
    roles = Counter(sector for row in lexicon.roles.values() for sector in row.sectors)
    organisations = Counter(sector for row in set(lexicon.organisations.values()) for sector in row.sectors)
    print(f"\n{'sector':12}{'roles':>7}{'organisations':>15}")
    for sector in SECTORS:
        print(f"{sector:12}{roles[sector]:7}{organisations[sector]:15}")
    print(f"\nleaders {len(set(lexicon.leaders.values()))}, topic words {len(lexicon.topics)}")


if __name__ == "__main__":
    main()
