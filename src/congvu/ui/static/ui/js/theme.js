// Light, dark or as the device says; runs before the first paint, so it is not a module.
(() => {
  const root = document.documentElement;
  root.classList.add("cv-js");
  const media = { system: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
  const remembered = () => { try { return localStorage.getItem("cv-theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("cv-theme", theme); } catch { /* private window */ } };

  function show(theme) {
    document.getElementById("cv-dark").media = media[theme];
    for (const button of document.querySelectorAll("[data-cv-theme]")) {
      if (button.dataset.cvTheme === theme) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  const chosen = () => (remembered() in media ? remembered() : "system");
  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cv-theme]");
    if (!button) return;
    remember(button.dataset.cvTheme);
    show(button.dataset.cvTheme);
  });
})();
