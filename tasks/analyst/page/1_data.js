// The data as Python wrote them: columns; texts as {values, at}, where at[i] is the index of the value, -1 for none.
const D = JSON.parse(document.getElementById("data").textContent);
const E = D.events;
const N = E.type.length;
const DAY = 86400000;
const NONE = -1e9; // a day that is not known

const narrow = window.matchMedia("(max-width: 600px)");
const byId = (id) => document.getElementById(id);
const text = (column, i) => (column.at[i] < 0 ? null : column.values[column.at[i]]);
const plural = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
const dayText = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const first = Int32Array.from(E.first, (d) => d ?? NONE);
const last = Int32Array.from(E.last, (d) => d ?? NONE);
const typeOf = (i) => D.types[E.type[i]];
const quadClass = (type) => (type.quad === null ? "qn" : `q${type.quad}`);
const countryName = (code) => D.countries[code] || code;
// The countries of each combination that occurs ("ARM;AZE"), as lists.
const actorCountries = E.actorCountry.values.map((v) => v.split(";"));
const targetCountries = E.targetCountry.values.map((v) => v.split(";"));
const of = (lists, column, i) => (column.at[i] < 0 ? [] : lists[column.at[i]]);

function el(tag, facts, ...children) {
  const node = document.createElement(tag);
  return fill(node, facts, children);
}

function svg(tag, facts, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return fill(node, facts, children);
}

// Attributes; "on..." listeners are functions. Children are nodes or texts: a text never becomes markup.
function fill(node, facts, children) {
  for (const [name, value] of Object.entries(facts || {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

const clear = (node, ...children) => node.replaceChildren(...children.filter((c) => c !== null && c !== undefined));

// Enter and Space do what a click does, for what is not a button.
const onKey = (act) => (event) => {
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(event); }
};

// Filters. Each has a bit; blocked[i] holds the bits of the filters that event i does not pass, so that a chart can
// show what passes all filters but its own.
const BITS = { time: 1, type: 2, place: 4, parties: 8, search: 16, asserted: 32, coded: 64, fresh: 128, missing: 256 };
const blocked = new Uint16Array(N);
const chosen = {}; // filter name -> {label, passes}
const drawers = [];

function choose(name, filter) {
  if (filter) chosen[name] = filter;
  else delete chosen[name];
  const bit = BITS[name];
  for (let i = 0; i < N; i += 1) {
    if (!filter || filter.passes(i)) blocked[i] &= ~bit;
    else blocked[i] |= bit;
  }
}

function filterBy(name, filter) {
  choose(name, filter);
  draw();
}

function toggle(name, key, filter) {
  filterBy(name, chosen[name] && chosen[name].key === key ? null : { ...filter, key });
}

const isChosen = (name, key) => Boolean(chosen[name]) && chosen[name].key === key;

function passing(except) {
  const mask = ~(except ? BITS[except] : 0);
  const found = [];
  for (let i = 0; i < N; i += 1) if ((blocked[i] & mask) === 0) found.push(i);
  return found;
}

// Draws everything anew; what had the focus has it again, for those who work by keyboard.
function draw() {
  const held = document.activeElement;
  const home = held.closest("#types, #matrix, #network, #map, #time, #intensity, #nulls, #chips");
  for (const drawer of drawers) drawer();
  if (!home || held.isConnected) return;
  const all = [...home.querySelectorAll("button, [tabindex]")];
  (all.find((node) => labelOf(node) === labelOf(held)) || all[0])?.focus({ preventScroll: true });
}

const labelOf = (node) => node.getAttribute("aria-label") || node.getAttribute("title") || node.textContent;

// What a mean Goldstein value says: conflict, cooperation or neither.
const tone = (mean) => (mean > 0.5 ? "good" : mean < -0.5 ? "bad" : "even");

function count(map, key, by = 1) {
  map.set(key, (map.get(key) || 0) + by);
}

const most = (map, limit) =>
  [...map.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
