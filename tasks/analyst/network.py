"""Who acts on whom, as a network: GEXF 1.3 for Gephi and networkx."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from xml.etree import ElementTree as ET

import pyarrow as pa

from tasks.analyst.names import parties

COLUMNS = ("actors", "targets", "actor_country", "target_country", "actor_sector", "target_sector", "goldstein")
NODE_FACTS = (("country", "string"), ("sector", "string"), ("events", "integer"))
EDGE_FACTS = (("goldstein", "double"),)


@dataclass(slots=True)
class _Node:
    events: int = 0
    country: Counter[str] = field(default_factory=Counter)
    sector: Counter[str] = field(default_factory=Counter)


def to_gexf(events: pa.Table) -> Iterator[str]:
    """The pieces of a directed graph of the asserted events that have an actor and a target.

    A node is a name as the tables have it, pronouns left out; its country and sector are those it most often has
    where it stands alone. An edge's weight is its number of events, `goldstein` their mean value.
    """
    nodes, edges = _network(events)
    number = {name: str(k) for k, name in enumerate(sorted(nodes))}
    root = ET.Element("gexf", xmlns="http://gexf.net/1.3", version="1.3")
    graph = ET.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    _declare(graph, "node", NODE_FACTS)
    _declare(graph, "edge", EDGE_FACTS)
    parent = ET.SubElement(graph, "nodes")
    for name in sorted(nodes):
        node = ET.SubElement(parent, "node", id=number[name], label=_clean(name))
        facts = (_most(nodes[name].country), _most(nodes[name].sector), str(nodes[name].events))
        _values(node, facts)
    parent = ET.SubElement(graph, "edges")
    for k, ((source, target), values) in enumerate(sorted(edges.items())):
        ends = {"id": str(k), "source": number[source], "target": number[target], "weight": str(len(values))}
        known = [v for v in values if v is not None]
        mean = str(round(sum(known) / len(known), 2)) if known else ""
        _values(ET.SubElement(parent, "edge", ends), (mean,))
    ET.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ET.tostring(root, encoding="unicode") + "\n"


def _network(events: pa.Table) -> tuple[dict[str, _Node], dict[tuple[str, str], list[float | None]]]:
    nodes: dict[str, _Node] = defaultdict(_Node)
    edges: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for row in events.select((*COLUMNS, "modality")).to_pylist():
        actors, targets = parties(row["actors"]), parties(row["targets"])
        if row["modality"] != "asserted" or not actors or not targets:
            continue
        for role, names in (("actor", actors), ("target", targets)):
            for name in names:
                nodes[name].events += 1
                for fact in ("country", "sector"):
                    if len(names) == 1 and row[f"{role}_{fact}"]:
                        getattr(nodes[name], fact)[row[f"{role}_{fact}"]] += 1
        for pair in product(actors, targets):
            edges[pair].append(row["goldstein"])
    return nodes, edges


def _declare(graph: ET.Element, kind: str, facts: tuple[tuple[str, str], ...]) -> None:
    attributes = ET.SubElement(graph, "attributes", {"class": kind})
    for k, (title, of_type) in enumerate(facts):
        ET.SubElement(attributes, "attribute", id=str(k), title=title, type=of_type)


def _values(parent: ET.Element, facts: tuple[str, ...]) -> None:
    values = ET.SubElement(parent, "attvalues")
    for k, fact in enumerate(facts):
        if fact:
            ET.SubElement(values, "attvalue", {"for": str(k), "value": _clean(fact)})


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda v: (-counts[v], v)) if counts else ""


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff")
