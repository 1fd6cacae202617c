// Puts the requests of the list on a map; points that would touch become one with a number.
const L = window.L;
const NEAR = 44; // pixels
const DEEPEST = 18;

const box = document.getElementById("map");
const { tiles, areas } = JSON.parse(document.getElementById("drawn").textContent);
const rows = [...document.querySelectorAll("#points > li")].map((row) => ({
  row,
  place: L.latLng(Number(row.dataset.latitude), Number(row.dataset.longitude)),
  name: row.querySelector("a").textContent.trim(),
}));
const map = L.map(box, { zoomControl: false, maxZoom: DEEPEST, attributionControl: false });
L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
if (tiles) L.tileLayer(tiles, { maxZoom: DEEPEST }).addTo(map);
L.geoJSON(areas, { interactive: false, style: { weight: 2, color: "#857a8c", fillOpacity: 0.06 } }).addTo(map);
const points = L.layerGroup().addTo(map);

// Rows in groups, each around its first one: no two of these are nearer to each other than fingers need.
function gathered() {
  const groups = [];
  for (const one of rows) {
    const at = map.project(one.place);
    const near = groups.find((group) => group.at.distanceTo(at) < NEAR);
    if (near) near.some.push(one);
    else groups.push({ at, some: [one] });
  }
  return groups.map((group) => group.some);
}

function point(some) {
  const [first] = some;
  const size = some.length > 1 ? 36 : 24;
  const said = some.length > 1 ? `${some.length} ${box.dataset.more}` : first.name;
  const icon = L.divIcon({ className: "cv-map__point", html: some.length > 1 ? String(some.length) : "", iconSize: [size, size] });
  const marker = L.marker(first.place, { icon, title: said, alt: said, keyboard: true });
  marker.on("click", () => (some.length > 1 && map.getZoom() < DEEPEST ? nearer(some) : lead(some)));
  marker.on("add", () => marker.getElement().setAttribute("aria-label", said));
  return marker;
}

function nearer(some) {
  const bounds = L.latLngBounds(some.map((one) => one.place));
  map.setView(bounds.getCenter(), Math.min(DEEPEST, Math.max(map.getBoundsZoom(bounds), map.getZoom() + 2)));
}

function lead(some) {
  rows.forEach(({ row }) => row.classList.remove("cv-map-list__here"));
  some.forEach(({ row }) => row.classList.add("cv-map-list__here"));
  some[0].row.querySelector("a").focus();
  some[0].row.scrollIntoView({ block: "nearest" });
}

function draw() {
  points.clearLayers();
  for (const some of gathered()) points.addLayer(point(some));
}

map.on("zoomend", draw);
map.fitBounds(L.latLngBounds(rows.map((one) => one.place)).pad(0.1), { maxZoom: 16 });
draw();
