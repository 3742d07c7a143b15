// Over time, by type, and between two countries.
const STEPS = [["day", 1], ["week", 7], ["month", 30.44], ["quarter", 91.3], ["year", 365.25], ["decade", 3652.5]];
const BIN_WIDTH = 8; // of the thinnest bar
const VAGUE = 0.2; // of the events may be dated less exactly than a bar is wide
const QUADS = [
  ["q2", "material cooperation"], ["q1", "verbal cooperation"], ["q0", "statement"], ["qn", "no type"],
  ["q3", "verbal conflict"], ["q4", "material conflict"],
];

// The bins of the events: [{label, from, to}], from the 2nd to the 98th percentile, what lies beyond at the ends. A bin
// is not shorter than most dates are exact: an event "in 1997" is none of 1 January.
function binsOf(rows, width) {
  const sorted = Int32Array.from(rows, (i) => first[i]).sort();
  const exact = rows.map((i) => STEPS.findIndex(([name]) => name === text(E.precision, i))).sort((a, b) => a - b);
  const finest = exact[Math.ceil(exact.length * (1 - VAGUE)) - 1];
  const low = sorted[Math.floor(sorted.length * 0.02)];
  const high = sorted[Math.ceil(sorted.length * 0.98) - 1];
  const [step] = STEPS.find(([, length], k) => k >= finest && (high - low) / length < width / BIN_WIDTH) || STEPS[STEPS.length - 1];
  const bins = [];
  for (let at = startOf(low, step); at <= high; at = nextOf(at, step)) {
    bins.push({ from: at, to: nextOf(at, step) - 1, label: binLabel(at, step) });
  }
  if (sorted[0] < bins[0].from) Object.assign(bins[0], { from: sorted[0], label: `${bins[0].label} and before` });
  const end = bins[bins.length - 1];
  if (sorted[sorted.length - 1] > end.to) Object.assign(end, { to: sorted[sorted.length - 1], label: `${end.label} and after` });
  return { bins, step };
}

function startOf(day, step) {
  if (step === "day") return day;
  if (step === "week") return day - ((((day + 3) % 7) + 7) % 7); // day 0 was a Thursday; weeks begin on Monday
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  if (step === "month") return Date.UTC(year, month) / DAY;
  if (step === "quarter") return Date.UTC(year, month - (month % 3)) / DAY;
  return dayOf(step === "year" ? year : year - (year % 10));
}

function dayOf(year) {
  const date = new Date(0);
  date.setUTCFullYear(year); // Date.UTC takes 0 to 99 for 1900 to 1999
  return date.getTime() / DAY;
}

function nextOf(day, step) {
  const length = { day: 1, week: 7, month: 32, quarter: 93, year: 367, decade: 3660 }[step];
  return step === "day" || step === "week" ? day + length : startOf(day + length, step);
}

function binLabel(day, step) {
  const date = dayText(day);
  if (step === "year") return date.slice(0, 4);
  if (step === "decade") return `${date.slice(0, 4)}s`;
  if (step === "month") return date.slice(0, 7);
  if (step === "quarter") return `${date.slice(0, 4)} Q${Math.floor(new Date(day * DAY).getUTCMonth() / 3) + 1}`;
  return step === "week" ? `week of ${date}` : date;
}

function binIndex(bins, day) {
  let low = 0;
  let high = bins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bins[middle].from <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

const HEIGHT = 210;
const PAD = { left: 40, right: 8, top: 8, bottom: 22 };
// One unit of a picture is one pixel, so that its letters are as large as those of the page.
const PAPER = 690; // what A4 has room for
let paper = false;
const widthOf = (box) => (paper ? PAPER : Math.max(280, box.clientWidth));
const innerOf = (box) => widthOf(box) - PAD.left - PAD.right;

function ticks(high) {
  const step = 10 ** Math.floor(Math.log10(high || 1));
  const unit = [0.2, 0.5, 1, 2].map((k) => k * step).find((u) => high / u < 5);
  const steps = [];
  for (let v = unit; v <= high; v += unit) if (Number.isInteger(v)) steps.push(v);
  return steps;
}

function labels(bins, width) {
  const wide = Math.ceil(72 / width);
  return bins.map((b, k) => (k % wide || (k && bins.length - k < wide / 2) ? null
    : svg("text", { x: PAD.left + (k + 0.5) * width, y: HEIGHT - 6, "text-anchor": "middle" },
      b.label.replace("week of ", "").replace(/(.*) and before/, "≤ $1").replace(/(.*) and after/, "≥ $1"))));
}

function drawTime() {
  const rows = passing("time");
  const dated = rows.filter((i) => first[i] !== NONE);
  const box = byId("time");
  const undated = rows.length - dated.length;
  if (!dated.length) {
    byId("time-hint").textContent = undated ? `None of ${plural(undated, "event")} has a date.` : "No event.";
    return clear(box);
  }
  const { bins, step } = binsOf(dated, innerOf(box));
  clear(byId("time-hint"), `Events by ${step}${undated ? `, without ${undated.toLocaleString("en")} that have no date` : ""}. `,
    el("span", { class: "act" }, "Click or drag to choose days."));
  const stacks = bins.map(() => new Map());
  for (const i of dated) count(stacks[binIndex(bins, first[i])], quadClass(typeOf(i)));
  const totals = stacks.map((s) => [...s.values()].reduce((a, b) => a + b, 0));
  const high = Math.max(...totals);
  const width = innerOf(box) / bins.length;
  const scale = (HEIGHT - PAD.top - PAD.bottom) / high;
  const base = HEIGHT - PAD.bottom;
  const picture = svg("svg", { viewBox: `0 0 ${widthOf(box)} ${HEIGHT}`, tabindex: 0, role: "group",
    "aria-label": `Events over time, ${bins[0].label} to ${bins[bins.length - 1].label}. Arrow keys move, Enter filters.` });
  for (const v of ticks(high)) {
    picture.append(svg("line", { class: "grid", x1: PAD.left, x2: widthOf(box) - PAD.right, y1: base - v * scale, y2: base - v * scale }),
      svg("text", { x: PAD.left - 5, y: base - v * scale + 4, "text-anchor": "end" }, v.toLocaleString("en")));
  }
  const range = chosen.time;
  bins.forEach((bin, k) => {
    let y = base;
    const out = range && (bin.to < range.from || bin.from > range.to) ? " out" : "";
    for (const [quad] of QUADS) {
      const n = stacks[k].get(quad);
      if (!n) continue;
      y -= n * scale;
      picture.append(svg("rect", { class: quad + out, x: PAD.left + k * width + 0.5, y, width: Math.max(width - 1, 1), height: n * scale }));
    }
  });
  const covers = bins.map((bin, k) => svg("rect", { class: "bin", x: PAD.left + k * width, y: PAD.top, width, height: base - PAD.top },
    svg("title", null, `${bin.label}: ${plural(totals[k], "event")}`)));
  picture.append(...covers, ...labels(bins, width).filter(Boolean));
  chooseDays(picture, bins, covers, width);
  clear(box, picture, legend(stacks));
}

function legend(stacks) {
  return el("p", { class: "hint" }, ...QUADS.filter(([quad]) => stacks.some((s) => s.has(quad)))
    .flatMap(([quad, name]) => [el("span", { class: `tag ${quad}` }, name), "  "]));
}

function daysFilter(low, high) {
  const label = low === high ? low.label : `${low.label} to ${high.label}`;
  return { label, from: low.from, to: high.to, key: label,
    passes: (i) => first[i] !== NONE && first[i] <= high.to && first[i] >= low.from };
}

function chooseDays(picture, bins, covers, width) {
  let from = null;
  let at = 0;
  const binAt = (event) => {
    const box = picture.getBoundingClientRect();
    const x = event.clientX - box.left - PAD.left;
    return Math.min(bins.length - 1, Math.max(0, Math.floor(x / width)));
  };
  const show = (a, b) => covers.forEach((c, k) => c.classList.toggle("at", k >= Math.min(a, b) && k <= Math.max(a, b)));
  const take = (a, b) => {
    const filter = daysFilter(bins[Math.min(a, b)], bins[Math.max(a, b)]);
    toggle("time", filter.label, filter);
  };
  fill(picture, {
    pointerdown: (event) => { from = binAt(event); show(from, from); },
    pointermove: (event) => { if (from !== null) show(from, binAt(event)); },
    pointerup: (event) => { if (from !== null) { const a = from; from = null; take(a, binAt(event)); } },
    pointercancel: () => { from = null; show(-1, -1); },
    keydown: (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (move) {
        event.preventDefault();
        at = Math.min(bins.length - 1, Math.max(0, at + move));
        show(at, at);
        picture.setAttribute("aria-label", covers[at].textContent);
      } else if (event.key === "Enter") { take(at, at); byId("time").querySelector("svg")?.focus(); }
    },
  }, []);
}

function drawTypes() {
  const counts = new Map();
  for (const i of passing("type")) count(counts, E.type[i]);
  const high = Math.max(1, ...counts.values());
  clear(byId("types"), ...most(counts, 20).map(([k, n]) => {
    const type = D.types[k];
    return barButton({ name: type.name, title: `${type.name}: ${type.meaning}`, n, part: n / high, quad: quadClass(type),
      pressed: isChosen("type", k), out: chosen.type && !isChosen("type", k),
      act: () => toggle("type", k, { label: type.name, passes: (i) => E.type[i] === k }) });
  }));
}

function barButton({ name, title, n, part, quad, pressed, out, act }) {
  const bar = el("i", { class: quad + (out ? " out" : "") });
  bar.style.width = `${Math.max(part * 100, 0.5)}%`;
  const shown = typeof n === "number" ? n.toLocaleString("en") : n;
  const parts = [el("span", { class: "name" }, name), bar, el("span", { class: "n" }, shown)];
  return act ? el("button", { type: "button", class: "bar", title, "aria-pressed": String(Boolean(pressed)), click: act }, ...parts)
    : el("div", { class: "bar", title }, ...parts);
}

// Between two countries: the sum of the Goldstein values of what each does to the other, cooperation up, conflict down.
const sides = { a: null, b: null, way: "either" };

function startSides() {
  const single = new Map();
  const pairs = new Map();
  for (const i of passing()) {
    for (const a of of(actorCountries, E.actorCountry, i)) {
      for (const b of of(targetCountries, E.targetCountry, i)) {
        if (a === b || typeOf(i).goldstein === null) continue;
        count(single, a);
        count(single, b);
        count(pairs, [a, b].sort().join(";"), first[i] === NONE ? 0.001 : 1); // dated ones can be drawn
      }
    }
  }
  const options = most(single, 200).map(([code]) => code).sort((a, b) => (countryName(a) < countryName(b) ? -1 : 1));
  [sides.a, sides.b] = (most(pairs, 1)[0] || [";"])[0].split(";");
  for (const side of ["a", "b"]) {
    const select = byId(`side-${side}`);
    select.append(...options.map((code) => el("option", { value: code }, countryName(code))));
    select.value = sides[side];
    select.addEventListener("change", () => { sides[side] = select.value; nameWays(); drawIntensity(); });
  }
  byId("way").append(...["either", "there", "back"].map((value) => el("option", { value })));
  byId("way").addEventListener("change", () => { sides.way = byId("way").value; drawIntensity(); });
  nameWays();
  byId("pair").addEventListener("click", () => toggle("parties", pairKey(sides), pairFilter()));
}

function pairFilter() {
  const taken = { ...sides };
  const [from, to] = (taken.way === "back" ? [taken.b, taken.a] : [taken.a, taken.b]).map(countryName);
  return { label: taken.way === "either" ? `${from} and ${to}` : `${from} on ${to}`, key: pairKey(taken), passes: (i) => isBetween(i, taken) };
}

function nameWays() {
  const [a, b] = [countryName(sides.a), countryName(sides.b)];
  const names = ["either", a, b];
  [...byId("way").children].forEach((option, k) => { option.textContent = names[k]; });
}

const pairKey = ({ a, b, way }) => `between ${a} ${b} ${way}`;

function isBetween(i, { a, b, way }) {
  const found = direction(i, a, b);
  return found !== null && (way === "either" || way === found);
}

function direction(i, a, b) {
  const actors = of(actorCountries, E.actorCountry, i);
  const targets = of(targetCountries, E.targetCountry, i);
  if (actors.includes(a) && targets.includes(b)) return "there";
  return actors.includes(b) && targets.includes(a) ? "back" : null;
}

function drawIntensity() {
  const { a, b } = sides;
  const box = byId("intensity");
  const all = passing("parties").filter((i) => typeOf(i).goldstein !== null && isBetween(i, sides));
  const rows = all.filter((i) => first[i] !== NONE);
  const undated = all.length - rows.length;
  byId("pair").setAttribute("aria-pressed", String(isChosen("parties", pairKey(sides))));
  if (!rows.length) {
    clear(byId("pair-hint"));
    const none = undated ? `${plural(undated, "event")} between the two, none with a date.` : "No event between the two.";
    return clear(box, el("p", { class: "hint" }, a ? none : "No event between two countries."));
  }
  const { bins, step } = binsOf(rows, innerOf(box));
  byId("pair-hint").textContent = `Sum of the Goldstein values by ${step}: cooperation up, conflict down${
    undated ? `; ${plural(undated, "event")} without a date not drawn` : ""}.`;
  const sums = bins.map(() => ({ good: 0, bad: 0, n: 0 }));
  for (const i of rows) {
    const sum = sums[binIndex(bins, first[i])];
    const value = typeOf(i).goldstein;
    sum[value > 0 ? "good" : "bad"] += value;
    sum.n += 1;
  }
  const good = Math.max(...sums.map((s) => s.good), 0);
  const bad = Math.min(...sums.map((s) => s.bad), 0);
  const scale = (HEIGHT - PAD.top - PAD.bottom) / (good - bad || 1);
  const zero = PAD.top + good * scale;
  const width = Math.min(innerOf(box) / bins.length, 60);
  const there = rows.filter((i) => direction(i, a, b) === "there").length;
  const picture = svg("svg", { viewBox: `0 0 ${widthOf(box)} ${HEIGHT}`, role: "group", "aria-label":
    `Intensity between ${countryName(a)} and ${countryName(b)}: ${plural(rows.length, "event")}` });
  const unit = ticks(Math.max(good, -bad))[0] || 1;
  for (let v = Math.ceil(bad / unit) * unit; v <= good; v += unit) {
    const y = zero - v * scale;
    picture.append(svg("line", { class: v ? "grid" : "axis", x1: PAD.left, x2: widthOf(box) - PAD.right, y1: y, y2: y }),
      svg("text", { x: PAD.left - 5, y: y + 4, "text-anchor": "end" }, v > 0 ? `+${v}` : String(v).replace("-", "−")));
  }
  sums.forEach((sum, k) => {
    const x = PAD.left + k * width + 1;
    if (!sum.n) return;
    const label = `${bins[k].label}: ${plural(sum.n, "event")}, cooperation ${sum.good.toFixed(1)}, conflict ${sum.bad.toFixed(1)}`;
    const act = () => {
      choose("parties", pairFilter());
      toggle("time", bins[k].label, daysFilter(bins[k], bins[k]));
    };
    picture.append(svg("g", { tabindex: 0, role: "button", "aria-label": label, click: act, keydown: onKey(act) }, svg("title", null, label),
      svg("rect", { class: "bin", x, y: PAD.top, width, height: HEIGHT - PAD.top - PAD.bottom }),
      svg("rect", { class: "q2", x, y: zero - sum.good * scale, width: Math.max(width - 2, 1), height: sum.good * scale }),
      svg("rect", { class: "q4", x, y: zero, width: Math.max(width - 2, 1), height: -sum.bad * scale })));
  });
  picture.append(...labels(bins, width).filter(Boolean));
  const back = rows.length - there;
  const ways = { there: [[a, b, there]], back: [[b, a, back]], either: [[a, b, there], [b, a, back]] }[sides.way];
  clear(box, picture, el("p", { class: "hint" }, `${ways.map(([from, to, n]) => `${countryName(from)} on ${countryName(to)}: ${plural(n, "event")}`).join("; ")}.`));
}
