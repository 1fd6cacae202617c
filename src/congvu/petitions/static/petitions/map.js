// A place is picked on a map: the pin writes the two numbers, and whoever changes these moves the pin. Arrow keys move it
// as well, and every place is told in words. `place.js` fetches this when somebody asks for the map.

const part = document.querySelector("[data-cv-map]");
const words = part.dataset;
const ground = part.querySelector(".cv-map");
const opener = part.querySelector("[data-cv-map-open]");
const clearer = part.querySelector("[data-cv-map-clear]");
const said = part.querySelector("[role=status]");
const { latitude, longitude } = part.closest("form").elements;

const STEP = 24; // pixels; with Shift a sixth of it
const DEEPEST = 18;
const NEAR = 16;
const DIGITS = 5; // a metre
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
// Browsers that know no Kazakh write numbers as Russian does, which is the same.
const degrees = new Intl.NumberFormat([document.documentElement.lang, "ru"], { minimumFractionDigits: DIGITS, maximumFractionDigits: DIGITS });

let map, pin, areas;

function read() {
  const [north, east] = [latitude, longitude].map(({ value }) => (value.trim() ? Number(value.replace(",", ".")) : NaN));
  return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? { lat: north, lng: east } : null;
}

// A ring within a ring is a hole: a point is inside when its ray crosses an odd number of borders.
const crosses = ({ lat, lng }, [[x1, y1], [x2, y2]]) =>
  (y1 > lat) !== (y2 > lat) && lng < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1;
const holds = (place, { geometry }) =>
  geometry.coordinates.flatMap((ring) => ring.slice(1).map((end, at) => [ring[at], end])).filter((side) => crosses(place, side)).length % 2 === 1;

function where(place) {
  const around = areas.filter((one) => holds(place, one));
  const territory = areas.some(({ properties }) => properties.is_territory);
  if (territory && !around.some(({ properties }) => properties.is_territory)) return [words.outside];
  around.sort((one, other) => one.properties.is_territory - other.properties.is_territory);
  return around.slice(0, 1).map(({ properties }) => properties.name);
}

function tell() {
  const place = read();
  clearer.hidden = !place;
  if (!place) said.textContent = map ? words.none : "";
  else if (map) {
    const north = `${degrees.format(Math.abs(place.lat))}° ${place.lat < 0 ? words.south : words.north}`;
    const east = `${degrees.format(Math.abs(place.lng))}° ${place.lng < 0 ? words.west : words.east}`;
    said.textContent = [`${north}, ${east}`, ...where(place)].join("; ");
  }
}

function write(place) {
  latitude.value = place ? place.lat.toFixed(DIGITS) : "";
  longitude.value = place ? place.lng.toFixed(DIGITS) : "";
  latitude.dispatchEvent(new Event("input", { bubbles: true }));
}

function show() {
  const place = read();
  pin.getElement()?.classList.toggle("cv-map__pin--idle", !place);
  if (place) {
    pin.setLatLng(place);
    map.panInside(place, { padding: [STEP * 2, STEP * 2] });
  }
}

function step(event) {
  const arrow = ARROWS[event.key];
  if (arrow) {
    const by = event.shiftKey ? STEP / 6 : STEP;
    const at = map.project(pin.getLatLng());
    write(map.unproject([at.x + arrow[0] * by, at.y + arrow[1] * by]).wrap());
  } else if (event.key === "Enter" || event.key === " ") write(pin.getLatLng());
  else if (event.key === "+" || event.key === "-") map.setZoomAround(pin.getLatLng(), map.getZoom() + (event.key === "+" ? 1 : -1));
  else return;
  event.preventDefault();
}

const fetched = (element) => new Promise((done, failed) => {
  element.addEventListener("load", done);
  element.addEventListener("error", failed);
  document.head.append(element);
});

async function fetchAll() {
  const styles = words.styles.split(" ").map((href) => fetched(Object.assign(document.createElement("link"), { rel: "stylesheet", href })));
  const script = fetched(Object.assign(document.createElement("script"), { src: words.script }));
  const answer = await fetch(words.cvMap);
  await Promise.all([script, ...styles]);
  return answer.json();
}

function draw(drawn) {
  const { L } = window;
  areas = drawn.areas.features;
  map = L.map(ground, { zoomControl: false, keyboard: false, attributionControl: false, maxZoom: DEEPEST, zoomAnimation: false, worldCopyJump: true });
  L.control.zoom({ zoomInTitle: words.nearer, zoomOutTitle: words.farther }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (drawn.tiles) L.tileLayer(drawn.tiles, { maxZoom: DEEPEST }).addTo(map);
  const outlines = L.geoJSON(drawn.areas, {
    interactive: false,
    style: { weight: 2, color: "#857a8c", fillOpacity: 0.06 },
    onEachFeature: ({ properties }, layer) => layer.bindTooltip(properties.name, { permanent: true, direction: "center", className: "cv-map__name" }),
  }).addTo(map);
  const place = read();
  if (place) map.setView(place, NEAR);
  else if (areas.length) map.fitBounds(outlines.getBounds());
  else map.setView([20, 90], 3);
  const icon = L.divIcon({ className: "cv-map__pin", iconSize: [28, 28], iconAnchor: [14, 33] });
  pin = L.marker(map.getCenter(), { icon, draggable: true, keyboard: false }).addTo(map);
  pin.on("dragend", () => write(pin.getLatLng()));
  map.on("click", ({ latlng }) => write(latlng.wrap()));
  ground.addEventListener("keydown", step);
}

export async function toggle() {
  const panel = document.getElementById("place-map");
  const isOpen = opener.getAttribute("aria-expanded") === "true";
  opener.setAttribute("aria-expanded", String(!isOpen));
  panel.hidden = isOpen;
  if (isOpen) return;
  if (!map) draw(await fetchAll());
  show();
  tell();
  ground.focus();
}

clearer.addEventListener("click", () => { write(null); opener.focus(); });
for (const field of [latitude, longitude]) field.addEventListener("input", () => { if (map) show(); tell(); });
