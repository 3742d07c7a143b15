"""How far a change of articles reaches: the stories whose incidents it can touch. All other incidents stay as they are.

Two stories are compared where they share a key and stand within CROWDED of each other among those that have it. So a
story that comes or goes can change the comparisons of its neighbours in each of its keys, and through their matches
whole incidents; nothing else.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from tasks.nlp.incidentmatch import Match, Story, match_across
from tasks.nlp.incidents import CROWDED, Key, Matches, blocks_of, keys_across

Block = tuple[str, str]
"""An event type and a day, or first and last day of a long range: the first two parts of a key."""


def reach(
    *, gone: Iterable[Story], come: Sequence[Story], load: Callable[[set[Block]], Iterable[Story]]
) -> tuple[list[Story], Matches]:
    """The stories to merge anew, first reported first, and their matches by position.

    `load` gives every story that there is now with a day in one of the blocks, `come` included, always as the same
    objects. Of each incident that is touched all stories are given, so that its old rows can go.
    """
    buckets = _Buckets(load)
    found = {_name(story): story for story in come}
    matches: dict[tuple[str, str], Match | None] = {}
    for story in _neighbours([*gone, *come], buckets, new=set(found)):
        found[_name(story)] = story
    waiting = list(found.values())
    while waiting:
        buckets.fill(waiting)
        reached = []
        for one in waiting:
            for other in buckets.near(one):
                first, second = (one, other) if one.order < other.order else (other, one)
                pair = (_name(first), _name(second))
                if pair not in matches:
                    matches[pair] = match_across(first, second)
                if matches[pair] and _name(other) not in found:
                    found[_name(other)] = other
                    reached.append(other)
        waiting = reached
    stories = sorted(found.values(), key=_order)
    position = {_name(story): n for n, story in enumerate(stories)}
    kept = {(position[a], position[b]): m for (a, b), m in matches.items() if m}
    return stories, kept


def _neighbours(changed: Sequence[Story], buckets: _Buckets, *, new: set[str]) -> Iterator[Story]:
    """Those that stay and stand near a changed one in a bucket: only there a pair can come within reach or leave it."""
    buckets.fill(changed)
    by_key: dict[Key, list[Story]] = defaultdict(list)
    for story in changed:
        for key in buckets.keys(story):
            by_key[key].append(story)
    for key, stories in by_key.items():
        staying = [s for s in buckets.members(key) if _name(s) not in new]
        for story in stories:
            at = bisect_left(staying, story.order, key=_order)
            yield from staying[max(0, at - CROWDED) : at + CROWDED]


class _Buckets:
    """The stories by key, in the order of reports; filled block by block."""

    def __init__(self, load: Callable[[set[Block]], Iterable[Story]]) -> None:
        self._load = load
        self._blocks: set[Block] = set()
        self._keys: dict[int, tuple[Story, frozenset[Key]]] = {}  # by identity: of one story there may be two editions
        self._stories: dict[Key, list[Story]] = defaultdict(list)

    def keys(self, story: Story) -> frozenset[Key]:
        """The story's keys, worked out once."""
        if id(story) not in self._keys:
            self._keys[id(story)] = (story, frozenset(keys_across(story)))
        return self._keys[id(story)][1]

    def members(self, key: Key) -> Sequence[Story]:
        """All stories that have the key."""
        return self._stories.get(key, ())

    def fill(self, stories: Iterable[Story]) -> None:
        """Makes sure that the buckets of these stories are whole."""
        blocks = {(key[0], key[1]) for story in stories for key in self.keys(story)} - self._blocks
        if not blocks:
            return
        self._blocks |= blocks
        for story in self._load(blocks):
            if blocks.isdisjoint(blocks_of(story)):
                continue  # an article is loaded whole; most of its stories are of other types or days
            for key in self.keys(story):
                if (key[0], key[1]) in blocks:
                    insort(self._stories[key], story, key=_order)

    def near(self, story: Story) -> Iterator[Story]:
        """Those that are compared with the story; its buckets are whole."""
        for key in self.keys(story):
            bucket = self._stories[key]
            at = bisect_left(bucket, story.order, key=_order)
            yield from bucket[max(0, at - CROWDED) : at]
            yield from bucket[at + 1 : at + 1 + CROWDED]


def _name(story: Story) -> str:
    return story.events[0].event_id


def _order(story: Story) -> tuple[date, str, int, str]:
    return story.order
