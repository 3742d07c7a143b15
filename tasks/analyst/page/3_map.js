// Where: countries by number of events, places as circles. Equal Earth projection (Savric, Patterson, Jenny 2018).
const EARTH = [1.340264, -0.081106, 0.000893, 0.003796];
const MAP = { width: 720, height: narrow.matches ? 520 : 350 };
const view = { x: 0, y: 0, width: MAP.width, height: MAP.height };

function project(longitude, latitude) {
  const t = Math.asin((Math.sqrt(3) / 2) * Math.sin((latitude * Math.PI) / 180));
  const [a, b, c, d] = EARTH;
  const t2 = t * t;
  const t6 = t2 ** 3;
  const slope = 9 * d * t6 * t2 + 7 * c * t6 + 3 * b * t2 + a;
  const x = (2 * Math.sqrt(3) * ((longitude * Math.PI) / 180) * Math.cos(t)) / (3 * slope);
  const y = d * t6 * t2 * t + c * t6 * t + b * t2 * t + a * t;
  return [MAP.width / 2 + x * 130, MAP.height / 2 + 20 - y * 130];
}

const map = svg("svg", { viewBox: `0 0 ${MAP.width} ${MAP.height}`, role: "group", "aria-label": "Map of the events" });
const lands = new Map();
const spots = svg("g");

function startMap() {
  for (const [code, rings] of Object.entries(D.world)) {
    let path = "";
    for (const ring of rings) {
      for (let k = 0; k < ring.length; k += 2) {
        const [x, y] = project(ring[k], ring[k + 1]);
        path += `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      }
      path += "Z";
    }
    const land = svg("path", { class: "land", d: path, click: () => { if (!moved) placeFilter(code); } }, svg("title"));
    lands.set(code, land);
    map.append(land);
  }
  map.append(spots);
  byId("map").append(map);
  byId("map-buttons").append(
    el("button", { type: "button", "aria-label": "Zoom in", click: () => zoom(0.6) }, "+"),
    el("button", { type: "button", "aria-label": "Zoom out", click: () => zoom(1 / 0.6) }, "−"),
    el("button", { type: "button", click: () => { Object.assign(view, { x: 0, y: 0, ...MAP }); show(); } }, "World"),
    el("button", { type: "button", click: fit }, "Fit"));
  dragMap();
}

let moved = false;

function dragMap() {
  let at = null;
  fill(map, {
    pointerdown: (event) => { at = [event.clientX, event.clientY]; moved = false; },
    pointermove: (event) => {
      if (!at || event.pointerType === "touch") return;
      const dx = event.clientX - at[0];
      const dy = event.clientY - at[1];
      if (!moved && Math.hypot(dx, dy) < 4) return;
      moved = true;
      const scale = view.width / map.getBoundingClientRect().width;
      view.x -= dx * scale;
      view.y -= dy * scale;
      at = [event.clientX, event.clientY];
      show();
    },
    pointerup: () => { at = null; },
    pointerleave: () => { at = null; },
    wheel: (event) => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2); } },
  }, []);
}

function zoom(factor) {
  const width = Math.min(MAP.width, Math.max(20, view.width * factor));
  const height = (width * MAP.height) / MAP.width;
  view.x += (view.width - width) / 2;
  view.y += (view.height - height) / 2;
  Object.assign(view, { width, height });
  show();
}

// The part of the world where the middle 90 % of the located events lie.
function fit() {
  const points = passing("place").filter((i) => E.place[i] >= 0)
    .map((i) => project(D.places[E.place[i]].longitude, D.places[E.place[i]].latitude));
  if (!points.length) return;
  const span = (k) => {
    const sorted = points.map((p) => p[k]).sort((a, b) => a - b);
    return [sorted[Math.floor(sorted.length * 0.05)], sorted[Math.ceil(sorted.length * 0.95) - 1]];
  };
  const [[left, right], [top, bottom]] = [span(0), span(1)];
  const width = Math.min(MAP.width, Math.max(60, (right - left) * 1.25, ((bottom - top) * 1.35 * MAP.width) / MAP.height));
  const height = (width * MAP.height) / MAP.width;
  Object.assign(view, { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height });
  show();
}

function show() {
  map.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  for (const spot of spots.children) spot.setAttribute("r", spot.dataset.r * unit());
}

// A pixel of the page in units of the map: circles are as large on a phone, and however near one looks.
const unit = () => view.width / widthOf(byId("map"));

function placeFilter(key) {
  const isCountry = typeof key === "string";
  const label = isCountry ? countryName(key) : D.places[key].name;
  toggle("place", key, { label, passes: isCountry ? (i) => E.place[i] >= 0 && D.places[E.place[i]].country === key : (i) => E.place[i] === key });
}

function drawMap() {
  const counts = new Map();
  const sums = new Map();
  const countries = new Map();
  let located = 0;
  const rows = passing("place");
  for (const i of rows) {
    if (E.place[i] < 0) continue;
    located += 1;
    count(counts, E.place[i]);
    count(sums, E.place[i], typeOf(i).goldstein ?? 0);
    if (D.places[E.place[i]].country) count(countries, D.places[E.place[i]].country);
  }
  clear(byId("map-hint"), `${located.toLocaleString("en")} of ${plural(rows.length, "event")} ${located === 1 ? "has" : "have"} a place. `,
    el("span", { class: "act" }, "Click a country or a circle."));
  const high = Math.log(Math.max(1, ...countries.values()) + 1);
  for (const [code, land] of lands) {
    const n = countries.get(code) || 0;
    land.setAttribute("class", `land${n ? " some" : ""}${isChosen("place", code) ? " on" : ""}`);
    land.style.fillOpacity = n ? 0.25 + (0.75 * Math.log(n + 1)) / high : 1;
    land.firstChild.textContent = `${countryName(code)}: ${plural(n, "event")}`;
  }
  const shown = most(counts, 600).filter(([k]) => D.places[k].precision !== "country");
  const biggest = Math.max(1, ...shown.map(([, n]) => n));
  clear(spots, ...shown.map(([k, n]) => {
    const place = D.places[k];
    const [x, y] = project(place.longitude, place.latitude);
    const r = 3 + 10 * Math.sqrt(n / biggest);
    const act = () => placeFilter(k);
    return svg("circle", { class: `spot ${tone(sums.get(k) / n)}${isChosen("place", k) ? " on" : ""}`, cx: x, cy: y, r: r * unit(), "data-r": r, tabindex: 0, role: "button",
      "aria-label": `${place.name}: ${plural(n, "event")}`, click: act, keydown: onKey(act) },
    svg("title", null, `${place.name}${place.country ? `, ${countryName(place.country)}` : ""}: ${plural(n, "event")}`));
  }));  drawKey(most(countries, 1), shown.slice(0, 1));
}

function drawKey([country], [spot]) {
  const tones = [["q4", "conflict"], ["q2", "cooperation"], ["qi", "neither"]];
  const largest = [country && `Most in a country: ${countryName(country[0])}, ${plural(country[1], "event")}.`,
    spot && `Largest circle: ${D.places[spot[0]].name}, ${plural(spot[1], "event")}.`].filter(Boolean);
  clear(byId("map-key"), ...(spot ? tones : []).flatMap(([kind, name]) => [el("span", { class: `tag ${kind}` }, name), " "]), largest.join(" "));
}
