// The list of events: only the rows in sight exist. And the page of one event.
const HEADS = [
  ["date", "Date", (i) => first[i]],
  ["type", "Type", (i) => typeOf(i).name],
  ["actor", "Actor", (i) => text(E.actor, i) || "\uffff"],
  ["action", "Action", (i) => text(E.action, i)],
  ["target", "Target", (i) => text(E.target, i) || "\uffff"],
  ["place", "Place", (i) => placeText(i) || "\uffff"],
];
const PRINTED = 200;
const list = byId("list");
const space = byId("space");
let rows = [];
let active = 0;
let sorting = { head: 0, down: true };

const placeText = (i) => text(E.location, i) || (E.place[i] >= 0 ? D.places[E.place[i]].name : null);
const height = () => (narrow.matches ? 78 : 34);

function whenText(i) {
  if (first[i] === NONE) return text(E.dateText, i) || "no date";
  const precision = text(E.precision, i);
  const day = dayText(first[i]);
  return { year: day.slice(0, 4), decade: `${day.slice(0, 4)}s`, month: day.slice(0, 7) }[precision] || day;
}

function startTable() {
  HEADS.forEach(([, label], k) => byId("head").append(el("button", { type: "button", click: () => {
    sorting = { head: k, down: sorting.head === k ? !sorting.down : false };
    drawTable();
  } }, label)));
  fill(list, {
    scroll: () => requestAnimationFrame(showRows),
    click: (event) => { const row = event.target.closest(".row"); if (row) open(Number(row.dataset.at)); },
    keydown: (event) => {
      const page = Math.floor(list.clientHeight / height());
      const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -N, End: N }[event.key];
      if (move) { event.preventDefault(); activate(active + move); }
      if (event.key === "Enter" && rows.length) { event.preventDefault(); open(active); }
    },
  }, []);
  narrow.addEventListener("change", drawTable);
}

function activate(at) {
  active = Math.max(0, Math.min(rows.length - 1, at));
  const y = active * height();
  if (y < list.scrollTop) list.scrollTop = y;
  else if (y + height() > list.scrollTop + list.clientHeight) list.scrollTop = y + height() - list.clientHeight;
  showRows();
}

function drawTable() {
  rows = passing();
  const [, , key] = HEADS[sorting.head];
  const keys = new Map(rows.map((i) => [i, key(i)]));
  const sign = sorting.down ? -1 : 1;
  rows.sort((i, j) => { const [a, b] = [keys.get(i), keys.get(j)]; return a === b ? i - j : (a < b ? -1 : 1) * sign; });
  [...byId("head").children].forEach((button, k) => {
    button.textContent = HEADS[k][1] + (k === sorting.head ? (sorting.down ? " ↓" : " ↑") : "");
  });
  space.style.height = `${rows.length * height()}px`;
  list.scrollTop = 0;
  active = 0;
  showRows();
}

function showRows() {
  const from = Math.max(0, Math.floor(list.scrollTop / height()) - 5);
  const to = Math.min(rows.length, from + Math.ceil(list.clientHeight / height()) + 10);
  const shown = [];
  for (let k = from; k < to; k += 1) shown.push(rowOf(k));
  clear(space, ...shown);
  const current = byId(`row-${active}`);
  if (current) list.setAttribute("aria-activedescendant", current.id);
}

function cells(i) {
  const type = typeOf(i);
  const assumed = text(E.dateSource, i) === "publication" ? " unsure" : "";
  return [
    el("span", { class: `when${assumed}`, title: assumed ? "assumed: the day of publication" : null }, whenText(i)),
    el("span", { class: `tag ${quadClass(type)}` }, type.name),
  ];
}

function rowOf(k) {
  const i = rows[k];
  const what = narrow.matches
    ? [el("span", { class: "what" }, [text(E.actor, i) || "—", text(E.action, i), text(E.target, i), placeText(i) ? `· ${placeText(i)}` : null].filter(Boolean).join(" "))]
    : ["actor", "action", "target"].map((c) => el("span", { title: text(E[c], i) }, text(E[c], i) || "")).concat(el("span", null, placeText(i) || ""));
  const row = el("div", { class: `row${k === active ? " at" : ""}`, id: `row-${k}`, "data-at": k, role: "option", "aria-selected": String(k === active) }, ...cells(i), ...what);
  row.style.top = `${k * height()}px`;
  return row;
}

function printRows() {
  const more = rows.length > PRINTED ? `The first ${PRINTED} of ${plural(rows.length, "event")}.` : "";
  const body = rows.slice(0, PRINTED).map((i) => el("tr", null, ...[...cells(i), text(E.actor, i), text(E.action, i), text(E.target, i), placeText(i)]
    .map((cell) => el("td", null, cell || ""))));
  clear(byId("printed"), el("p", null, more), el("table", null,
    el("thead", null, el("tr", null, ...HEADS.map(([, label]) => el("th", { scope: "col" }, label)))), el("tbody", null, ...body)));
}

// The sentence with its parts marked. The trigger's place is known; the others are found by their words, nearest first.
function marked(i) {
  const sentence = text(E.sentence, i);
  const spans = [{ from: E.triggerStart[i], to: E.triggerEnd[i], role: "action" }];
  const add = (phrase, role) => {
    const span = phrase && nearest(sentence, phrase, E.triggerStart[i], spans);
    if (span) spans.push({ ...span, role });
  };
  for (const [column, role] of [[E.actor, "actor"], [E.target, "target"]]) {
    for (const name of single(column, i)) {
      const pronoun = name.match(/\(([^()]*)\)$/); // "Mr Brown (he)": the text has "he"
      add(pronoun ? pronoun[1] : name, role);
    }
  }
  add(text(E.location, i), "place");
  add(text(E.dateText, i), "date");
  spans.sort((a, b) => a.from - b.from);
  const parts = [];
  let at = 0;
  for (const s of spans) {
    parts.push(sentence.slice(at, s.from), el("mark", { class: s.role, "data-role": s.role }, sentence.slice(s.from, s.to)));
    at = s.to;
  }
  return el("blockquote", null, ...parts, sentence.slice(at));
}

function nearest(sentence, phrase, trigger, taken) {
  const [where, what] = [sentence.toLowerCase(), phrase.toLowerCase()];
  let best = null;
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    const to = at + what.length;
    const whole = !/[\p{L}\p{N}]/u.test(where[at - 1] || " ") && !/[\p{L}\p{N}]/u.test(where[to] || " ");
    const free = taken.every((s) => to <= s.from || at >= s.to);
    if (whole && free && (!best || Math.abs(at - trigger) < Math.abs(best.from - trigger))) best = { from: at, to };
  }
  return best;
}

// The page of the k-th event of the list; `held` is the button that has the focus there.
function open(k, held = "Close") {
  active = k;
  showRows();
  const i = rows[k];
  const type = typeOf(i);
  const article = D.articles[E.article[i]];
  const place = E.place[i] >= 0 ? D.places[E.place[i]] : null;
  const fact = (name, value) => (value === null || value === undefined || value === "" ? [] : [el("dt", null, name), el("dd", null, value)]);
  const count = (column) => (column[i] === undefined ? null : column[i].toLocaleString("en"));
  const withCodes = (name, codes, sectors) => (name === null ? null
    : [name, [...codes.map(countryName), ...(sectors ? sectors.split(";") : [])].join(", ")].filter(Boolean).join(" · "));
  const days = first[i] === NONE ? text(E.dateText, i) && `not known ("${text(E.dateText, i)}")`
    : `${dayText(first[i])}${last[i] !== first[i] ? ` to ${dayText(last[i])}` : ""} (${text(E.dateSource, i) === "publication" ? "assumed: the day of publication" : text(E.dateSource, i)})`;
  clear(byId("dialog"),
    el("h2", { id: "dialog-title" }, el("span", { class: `tag ${quadClass(type)}` }, type.name), ` ${text(E.action, i)}`),
    el("p", { class: "hint" }, type.meaning),
    marked(i),
    el("dl", null,
      ...fact("Who", withCodes(text(E.actor, i), of(actorCountries, E.actorCountry, i), text(E.actorSector, i))),
      ...fact("To whom", withCodes(text(E.target, i), of(targetCountries, E.targetCountry, i), text(E.targetSector, i))),
      ...fact("When", days),
      ...fact("Where", place ? `${text(E.location, i) || place.name}: ${place.name}${place.country ? `, ${countryName(place.country)}` : ""} (${place.precision}, ${place.latitude.toFixed(2)}, ${place.longitude.toFixed(2)})` : text(E.location, i)),
      ...fact("Modality", text(E.modality, i)),
      ...fact("Who says so", text(E.claimant, i)),
      ...fact("Killed", count(E.killed)), ...fact("Injured", count(E.injured)), ...fact("Arrested", count(E.arrested)),
      ...fact("Goldstein", type.goldstein === null ? null : String(type.goldstein)),
      ...fact("Article", articleOf(article)),
      ...fact("Event", E.id[i]), ...fact("Rule", text(E.rule, i))),
    ...mentions(i),
    el("p", { class: "controls" },
      el("button", { type: "button", disabled: k === 0 ? "" : null, click: () => open(k - 1, "Previous") }, "Previous"),
      el("button", { type: "button", disabled: k === rows.length - 1 ? "" : null, click: () => open(k + 1, "Next") }, "Next"),
      el("button", { type: "button", click: () => byId("dialog").close() }, "Close")));
  if (!byId("dialog").open) byId("dialog").showModal();
  const buttons = [...byId("dialog").querySelectorAll("button:enabled")];
  (buttons.find((button) => button.textContent === held) || buttons[buttons.length - 1]).focus({ preventScroll: true });
  byId("dialog").scrollTop = 0;
}

function articleOf(article) {
  const label = [article.title || article.key, article.outlet, article.published].filter(Boolean).join(" · ");
  // Python lets addresses of the web through alone.
  return article.url ? el("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, label) : label;
}

function mentions(i) {
  if (E.incident[i] < 0) return [];
  const others = [];
  for (let k = 0; k < N && others.length < 50; k += 1) if (k !== i && E.incident[k] === E.incident[i]) others.push(k);
  if (!others.length) return [];
  return [el("h2", null, `Other mentions of the incident: ${others.length}`), el("ul", { class: "plain" }, ...others.map((k) => {
    const article = D.articles[E.article[k]];
    return el("li", null, text(E.sentence, k), el("br"), el("span", { class: "hint" }, articleOf(article)));
  }))];
}
