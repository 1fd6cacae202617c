// Two ways to a point beside writing its numbers: "Use where I am now", which does not show where a device cannot, and the
// map, which is fetched once somebody asks for it.

const here = document.querySelector("[data-cv-position]");
const map = document.querySelector("[data-cv-map]");

function locate(part, status) {
  const { latitude, longitude } = part.closest("form").elements;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      latitude.value = coords.latitude.toFixed(6);
      longitude.value = coords.longitude.toFixed(6);
      latitude.dispatchEvent(new Event("input", { bubbles: true }));
      latitude.closest("details").open = true;
      status.textContent = status.dataset.found;
    },
    () => { status.textContent = status.dataset.missing; },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

async function unfold(part, button) {
  try {
    await (await import(part.dataset.module)).toggle();
  } catch {
    part.querySelector("[role=status]").textContent = part.dataset.failed;
    document.getElementById("place-map").hidden = true;
    button.setAttribute("aria-expanded", "false");
  }
}

if (here) {
  here.hidden = !(navigator.geolocation && window.isSecureContext);
  here.querySelector("button").addEventListener("click", () => locate(here, here.querySelector("[role=status]")));
}
if (map) {
  const button = map.querySelector("[data-cv-map-open]");
  button.addEventListener("click", () => unfold(map, button));
}
