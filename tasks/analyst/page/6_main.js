// Filters, what is new, data quality, and the start.
const WHY_MISSING = { date: "a date", actor: "an actor", target: "a target", place: "a place", actorCountry: "an actor's country", targetCountry: "a target's country" };
const LACKS = {
  date: (i) => first[i] === NONE,
  actor: (i) => E.actor.at[i] < 0,
  target: (i) => E.target.at[i] < 0,
  place: (i) => E.place[i] < 0,
  actorCountry: (i) => E.actorCountry.at[i] < 0,
  targetCountry: (i) => E.targetCountry.at[i] < 0,
};

function startFilters() {
  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => filterBy("search", searchFor(byId("search").value.trim())), N > 20000 ? 250 : 80);
  });
  byId("asserted").addEventListener("change", () => { happened(); draw(); });
  byId("coded").addEventListener("change", () => { onlyCoded(); draw(); });
  happened();
  onlyCoded();
}

function happened() {
  const at = E.modality.values.indexOf("asserted");
  choose("asserted", byId("asserted").checked ? { passes: (i) => E.modality.at[i] === at } : null);
}

function onlyCoded() {
  choose("coded", byId("coded").checked ? { passes: (i) => typeOf(i).quad !== null && typeOf(i).quad > 0 } : null);
}

// Every word has to be in one of the texts of the event; each distinct text is looked at once.
function searchFor(words) {
  if (!words) return null;
  const wanted = words.toLowerCase().split(/\s+/);
  const columns = [E.actor, E.target, E.action, E.location, E.sentence, E.claimant];
  const hits = wanted.map((word) => columns.map((c) => c.values.map((v) => v.toLowerCase().includes(word))));
  const ids = E.id.indexOf(words);
  return { label: `"${words}"`, passes: (i) => i === ids || hits.every((of) => columns.some((c, k) => c.at[i] >= 0 && of[k][c.at[i]])) };
}

function drawChips() {
  byId("count").textContent = plural(passing().length, "event");
  clear(byId("chips"), ...Object.entries(chosen).filter(([, f]) => f.label).map(([name, f]) =>
    el("button", { type: "button", title: "Remove this filter", click: () => {
      if (name === "search") byId("search").value = "";
      filterBy(name, null);
    } }, `${f.label} ×`)));
}

function drawNulls() {
  const found = passing("missing");
  const total = found.length || 1;
  clear(byId("nulls"), el("p", { class: "hint" }, "Events without ... ", el("span", { class: "act" }, "(click to see them)")), ...Object.entries(WHY_MISSING).map(([key, label]) => {
    const n = found.filter(LACKS[key]).length;
    return barButton({ name: label, title: `${plural(n, "event")} without ${label}`, n: `${Math.round((100 * n) / total)} %`, part: n / total, quad: "q0", pressed: isChosen("missing", key),
      act: () => toggle("missing", key, { label: `without ${label}`, passes: LACKS[key] }) });
  }));
}

function showOutcomes() {
  const bars = (title, pairs, quad) => {
    const high = Math.max(1, ...pairs.map(([, n]) => n));
    return pairs.length ? [el("p", { class: "hint" }, title), ...pairs.map(([name, n]) => barButton({ name, title: name, n, part: n / high, quad }))] : [el("p", { class: "hint" }, `${title} none`)];
  };
  clear(byId("outcomes"), ...bars("Rejected inputs and rows, by reason:", D.rejects, "q0"), ...bars("Sentences, by what they gave:", D.outcomes, "q0"));
}

function showNews() {
  const fresh = D.news;
  if (!fresh) return clear(byId("news"), el("p", { class: "hint" }, "No older version is kept to compare with."));
  const ids = new Set(fresh.ids);
  const button = ids.size ? el("p", null, el("button", { type: "button", click: () =>
    toggle("fresh", "fresh", { label: "new in this version", passes: (i) => ids.has(E.id[i]) }) }, `Show the ${plural(ids.size, "new event")}`)) : null;
  clear(byId("news"), el("p", { class: "hint" }, `Version ${D.version} beside version ${fresh.since}:`),
    fresh.causes.length ? el("ul", { class: "plain" }, ...fresh.causes.map(([kind, cause, n]) => el("li", null, `${n.toLocaleString("en")} ${kind}: ${cause}`))) : el("p", null, "The same events."), button);
}

// What depends on the width of the page.
function drawWide() {
  drawTime();
  drawIntensity();
  show();
}

function start() {
  const published = D.articles.map((a) => a.published).filter(Boolean).sort();
  const span = published.length ? `, published ${published[0]} to ${published[published.length - 1]}` : "";
  const part = N < D.total.events ? ` This page holds ${N.toLocaleString("en")} of them: coded ones first, the newest first.` : "";
  byId("summary").textContent = `${plural(D.total.events, "event")} from ${plural(D.total.articles, "article")}${span}. Version ${D.version} of the tables.${part}`;
  startFilters();
  startModes();
  startSides();
  startMap();
  startTable();
  showOutcomes();
  showNews();
  drawers.push(drawChips, drawTime, drawTypes, drawMap, drawParties, drawIntensity, drawNulls, drawTable);
  draw();
  fit();
  let width = document.body.clientWidth;
  window.addEventListener("resize", () => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    drawWide();
    showRows();
  });
  window.addEventListener("beforeprint", () => { paper = true; drawWide(); printRows(); });
  window.addEventListener("afterprint", () => { paper = false; drawWide(); clear(byId("printed")); });
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

start();
