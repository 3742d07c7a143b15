// Who acts on whom: a matrix and a network, of countries or of names.
const MATRIX = { rows: 12, columns: narrow.matches ? 12 : 18 };
const NODES = 24;
const FRAME = 420; // of the network, which is drawn for a square
const LETTER = 5.9; // the mean width of a letter of 11 pixels
const MODES = {
  countries: { label: "Countries", name: countryName, actors: (i) => of(actorCountries, E.actorCountry, i), targets: (i) => of(targetCountries, E.targetCountry, i) },
  names: { label: "Names", name: (n) => n, actors: (i) => names(E.actor, i), targets: (i) => names(E.target, i) },
};
let mode = MODES.countries;
const PRONOUNS = new Set(D.pronouns);
// "Mr Brown (he)" is Mr Brown; a pronoun that stands for nobody known is no party, nor is a thing: what is written
// without a capital ("plans") and never has a country or a sector ("rebels" have).
const names = (column, i) => single(column, i).map((n) => n.split(" (")[0])
  .filter((n) => !PRONOUNS.has(n.toLowerCase()) && (coded.has(n) || /\p{Lu}/u.test(n)));
const coded = new Set();
for (const [column, country, sector] of [[E.actor, E.actorCountry, E.actorSector], [E.target, E.targetCountry, E.targetSector]]) {
  for (let i = 0; i < N; i += 1) if (column.at[i] >= 0 && (country.at[i] >= 0 || sector.at[i] >= 0)) coded.add(text(column, i));
}
const single = (column, i) => { const name = text(column, i); return name === null ? [] : name.split("; "); };

function startModes() {
  const hasPairs = E.actorCountry.at.some((k, i) => k >= 0 && E.targetCountry.at[i] >= 0);
  if (!hasPairs) mode = MODES.names;
  for (const each of Object.values(MODES)) {
    byId("modes").append(el("button", { type: "button", "aria-pressed": String(each === mode), click: (event) => {
      mode = each;
      for (const button of byId("modes").children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      drawParties();
    } }, each.label));
  }
}

function pairsOf(rows) {
  const pairs = new Map();
  for (const i of rows) {
    const value = typeOf(i).goldstein;
    for (const a of mode.actors(i)) {
      for (const b of mode.targets(i)) {
        const key = `${a}\t${b}`;
        const pair = pairs.get(key) || { a, b, n: 0, sum: 0, known: 0 };
        pair.n += 1;
        if (value !== null) { pair.sum += value; pair.known += 1; }
        pairs.set(key, pair);
      }
    }
  }
  return [...pairs.values()].map((p) => ({ ...p, mean: p.known ? p.sum / p.known : 0 }));
}

function drawParties() {
  const pairs = pairsOf(passing("parties")).sort((p, q) => q.n - p.n || (p.a + p.b < q.a + q.b ? -1 : 1));
  drawMatrix(pairs);
  drawNetwork(pairs.filter((p) => p.a !== p.b));
}

function top(pairs, side, limit) {
  const counts = new Map();
  for (const p of pairs) count(counts, p[side], p.n);
  return most(counts, limit).map(([name]) => name);
}

function partyFilter(a, b) {
  const using = mode;
  toggle("parties", `${a}\t${b}`, { label: `${using.name(a)} on ${using.name(b)}`, passes: (i) => using.actors(i).includes(a) && using.targets(i).includes(b) });
}

// Red to blue through grey, by the mean Goldstein value.
function shade(mean) {
  const part = Math.max(-1, Math.min(1, mean / 8));
  const [from, to] = part < 0 ? [[226, 229, 235], [226, 100, 84]] : [[226, 229, 235], [92, 163, 217]];
  return `rgb(${from.map((c, k) => Math.round(c + (to[k] - c) * Math.abs(part))).join(" ")})`;
}

function drawMatrix(pairs) {
  const box = byId("matrix");
  if (!pairs.length) return clear(box, el("p", { class: "hint" }, "No event with an actor and a target of this kind."));
  const likely = top(pairs, "a", MATRIX.rows);
  const columns = top(pairs.filter((p) => likely.includes(p.a)), "b", MATRIX.columns);
  const rows = likely.filter((a) => pairs.some((p) => p.a === a && columns.includes(p.b)));
  const found = new Map(pairs.map((p) => [`${p.a}\t${p.b}`, p]));
  const head = el("tr", null, el("th", { scope: "col" }, "acts ↓ on →"), ...columns.map((b) => el("th", { scope: "col", title: mode.name(b) }, el("span", null, mode.name(b)))));
  const body = rows.map((a) => el("tr", null, el("th", { scope: "row", title: mode.name(a) }, mode.name(a)), ...columns.map((b) => {
    const pair = found.get(`${a}\t${b}`);
    if (!pair) return el("td", { class: "none" });
    const button = el("button", { type: "button", "aria-pressed": String(isChosen("parties", `${a}\t${b}`)),
      title: `${mode.name(a)} on ${mode.name(b)}: ${plural(pair.n, "event")}, mean Goldstein ${pair.mean.toFixed(1)}`,
      click: () => partyFilter(a, b) }, String(pair.n));
    button.style.background = shade(pair.mean);
    return el("td", null, button);
  })));
  clear(box, el("table", { class: "matrix" }, el("thead", null, head), el("tbody", null, ...body)));
}

function drawNetwork(pairs) {
  const box = byId("network");
  const sizes = new Map();
  for (const p of pairs) { count(sizes, p.a, p.n); count(sizes, p.b, p.n); }
  const kept = new Set(most(sizes, NODES).map(([name]) => name));
  const edges = pairs.filter((p) => kept.has(p.a) && kept.has(p.b)).slice(0, 60);
  const nodes = [...kept].filter((name) => edges.some((e) => e.a === name || e.b === name));
  if (!nodes.length) return clear(box, el("p", { class: "hint" }, "No such event."));
  const at = layOut(nodes, edges);
  const biggest = Math.max(...nodes.map((n) => sizes.get(n)));
  const radius = (name) => 4 + 7 * Math.sqrt(sizes.get(name) / biggest);
  const widest = Math.max(...edges.map((e) => e.n));
  const picture = svg("svg", { viewBox: `0 0 ${FRAME} ${FRAME}`, role: "group", "aria-label": "Network of actors and targets" },
    svg("defs", null, ...["good", "bad", "even"].map((kind) => svg("marker", { id: `to-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0L8 4L0 8Z", class: { good: "q2", bad: "q4", even: "q0" }[kind] })))));
  for (const e of edges) {
    const kind = tone(e.mean);
    picture.append(svg("path", { class: `edge ${kind}`, d: curve(at.get(e.a), at.get(e.b), radius(e.b) + 1), "stroke-width": 1 + 3 * Math.sqrt(e.n / widest), "marker-end": `url(#to-${kind})` },
      svg("title", null, `${mode.name(e.a)} on ${mode.name(e.b)}: ${plural(e.n, "event")}, mean Goldstein ${e.mean.toFixed(1)}`)));
  }
  const labelled = placeLabels(nodes.map((name) => ({ name, at: at.get(name), r: radius(name), text: short(mode.name(name)) })));
  for (const name of nodes) {
    const [x, y] = at.get(name);
    const r = radius(name);
    const using = mode;
    const act = () => toggle("parties", `with ${name}`, { label: `with ${using.name(name)}`, passes: (i) => using.actors(i).includes(name) || using.targets(i).includes(name) });
    const label = mode.name(name);
    const ties = `${plural(sizes.get(name), "pair")} of actor and target`;
    const [left, top] = labelled.get(name);
    picture.append(svg("g", { class: `node${isChosen("parties", `with ${name}`) ? " on" : ""}`, tabindex: 0, role: "button", "aria-label": `${label}: ${ties}`, click: act, keydown: onKey(act) },
      svg("circle", { cx: x, cy: y, r }, svg("title", null, `${label}: ${ties}`)),
      svg("text", { x: left, y: top }, short(label))));
  }
  clear(box, picture);
}

function curve([x1, y1], [x2, y2], radius) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const bend = length * 0.14;
  const cx = (x1 + x2) / 2 - ((y2 - y1) / length) * bend;
  const cy = (y1 + y2) / 2 + ((x2 - x1) / length) * bend;
  const end = Math.hypot(x2 - cx, y2 - cy) || 1;
  const x = x2 - ((x2 - cx) / end) * (radius + 1);
  const y = y2 - ((y2 - cy) / end) * (radius + 1);
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
}

const short = (label) => (label.length > 18 ? `${label.slice(0, 17)}…` : label);

// Where each label begins: of the places about its node the one that covers least of the nodes and labels there are,
// the largest node's first.
function placeLabels(nodes) {
  const taken = nodes.map(({ at: [x, y], r }) => ({ x: x - r, y: y - r, width: 2 * r, height: 2 * r }));
  const shared = (a, b) => Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x))
    * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
  const found = new Map();
  for (const { name, at: [x, y], r, text: label } of [...nodes].sort((a, b) => b.r - a.r)) {
    const [width, height, gap] = [label.length * LETTER, 12, r + 3];
    const middle = x - width / 2;
    const spots = [[middle, y - gap - height], [middle, y + gap], [x + gap, y - height / 2], [x - gap - width, y - height / 2],
      [x + r, y - gap - height], [x - r - width, y - gap - height], [x + r, y + gap], [x - r - width, y + gap]];
    const cost = ([left, top], k) => {
      const box = { x: left, y: top, width, height };
      const outside = Math.max(0, -left) + Math.max(0, left + width - FRAME) + Math.max(0, -top) + Math.max(0, top + height - FRAME);
      return taken.reduce((sum, other) => sum + shared(box, other), 0) + outside * height * 4 + k;
    };
    const [best] = spots.map((spot, k) => ({ spot, cost: cost(spot, k) })).sort((a, b) => a.cost - b.cost);
    taken.push({ x: best.spot[0], y: best.spot[1], width, height });
    found.set(name, [best.spot[0], best.spot[1] + height - 3]);
  }
  return found;
}

// Springs on a circle to begin with: the same data always give the same picture.
function layOut(nodes, edges) {
  const at = new Map(nodes.map((name, k) => [name, [210 + 150 * Math.cos((k * 2 * Math.PI) / nodes.length), 210 + 150 * Math.sin((k * 2 * Math.PI) / nodes.length)]]));
  const ideal = 270 / Math.sqrt(nodes.length + 1);
  const ties = new Map(); // nodes with many edges need more room about them
  for (const e of edges) { count(ties, e.a); count(ties, e.b); }
  for (let round = 0; round < 300; round += 1) {
    const heat = 14 * (1 - round / 300);
    const force = new Map(nodes.map((name) => [name, [(210 - at.get(name)[0]) * 0.3, (210 - at.get(name)[1]) * 0.3]]));
    const push = (a, b, size) => {
      const [dx, dy] = [at.get(a)[0] - at.get(b)[0], at.get(a)[1] - at.get(b)[1]];
      const distance = Math.max(1, Math.hypot(dx, dy));
      const f = size(distance) / distance;
      force.get(a)[0] += dx * f; force.get(a)[1] += dy * f;
      force.get(b)[0] -= dx * f; force.get(b)[1] -= dy * f;
    };
    for (let j = 0; j < nodes.length; j += 1) for (let k = j + 1; k < nodes.length; k += 1) {
      push(nodes[j], nodes[k], (d) => (ideal * ideal * Math.sqrt(ties.get(nodes[j]) * ties.get(nodes[k]))) / d / 2);
    }
    for (const e of edges) push(e.a, e.b, (d) => (-d * d) / ideal / 4);
    for (const name of nodes) {
      const [fx, fy] = force.get(name);
      const size = Math.max(1, Math.hypot(fx, fy));
      const [x, y] = at.get(name);
      at.set(name, [x + (fx / size) * Math.min(size, heat), y + (fy / size) * Math.min(size, heat)]);
    }
  }
  return spread(at);
}

// The layout drawn out to fill its frame, half by distance and half by rank, so that a dense middle gets room.
function spread(at) {
  const axis = (k, from, to) => {
    const sorted = [...at.values()].map((p) => p[k]).sort((a, b) => a - b);
    const span = sorted[sorted.length - 1] - sorted[0] || 1;
    const steps = sorted.length - 1 || 1;
    return (v) => from + (to - from) * ((v - sorted[0]) / span + sorted.indexOf(v) / steps) * 0.5;
  };
  const [x, y] = [axis(0, 30, 390), axis(1, 28, 400)];
  return new Map([...at].map(([name, p]) => [name, [x(p[0]), y(p[1])]]));
}
