// Keeps <time data-cv-due> true while the page stands open.
// data-now is the server's clock (a demonstration lives in another week), so only the passed time is ours.

const started = new WeakMap();
const unit = (name, value) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "long" }).format(value);

function span(milliseconds) {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60000));
  if (minutes < 60) return unit("minute", minutes);
  if (minutes < 48 * 60) return unit("hour", Math.floor(minutes / 60));
  return unit("day", Math.floor(minutes / 1440));
}

function refresh(element) {
  if (!started.has(element)) {
    started.set(element, performance.now());
    return;
  }
  const now = Date.parse(element.dataset.now) + performance.now() - started.get(element);
  const left = Date.parse(element.dateTime) - now;
  const pattern = left > 0 ? element.dataset.left : element.dataset.over;
  const tone = left <= 0 ? "over" : left <= 3600000 ? "soon" : "calm";
  element.textContent = pattern.replace("%(span)s", span(left));
  element.className = `cv-due cv-due--${tone}`;
}

const refreshAll = () => document.querySelectorAll("time[data-cv-due]").forEach(refresh);
refreshAll();
document.addEventListener("htmx:afterSwap", refreshAll);
setInterval(refreshAll, 30000);
