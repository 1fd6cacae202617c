// "Use where I am now": fills in the two numbers. Where a device cannot, the button does not show.

const part = document.querySelector("[data-cv-position]");
const status = part.querySelector("[role=status]");
const field = (name) => document.querySelector(`[name=${name}]`);

part.hidden = !(navigator.geolocation && window.isSecureContext);
part.querySelector("button").addEventListener("click", () => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      field("latitude").value = coords.latitude.toFixed(6);
      field("longitude").value = coords.longitude.toFixed(6);
      field("latitude").dispatchEvent(new Event("input", { bubbles: true }));
      field("latitude").closest("details").open = true;
      status.textContent = status.dataset.found;
    },
    () => { status.textContent = status.dataset.missing; },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
});
