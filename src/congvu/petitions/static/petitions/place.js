// Fetches the map on which a place is picked, once somebody asks for it.

const part = document.querySelector("[data-cv-map]");

part.querySelector("[data-cv-map-open]").addEventListener("click", async (press) => {
  try {
    await (await import(part.dataset.module)).toggle();
  } catch {
    part.querySelector("[role=status]").textContent = part.dataset.failed;
    document.getElementById("place-map").hidden = true;
    press.target.closest("button").setAttribute("aria-expanded", "false");
  }
});
