// Keeps <time data-cv-due> true while the page stands open.
// data-now is the server's clock (a demonstration lives in another week), so only the passed time is ours.

const started = new WeakMap();
const language = document.documentElement.lang;
const write = (locale, unit, value) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value);
const known = language === "en" || write(language, "minute", 5) !== write("en", "minute", 5);

// Browsers decline the nouns of most languages; Kazakh, which many lack, does not decline them after a number.
const count = (element, unit, value) =>
  known ? write(language, unit, value) : element.dataset[unit].replace("%(n)d", value);

function span(element, milliseconds) {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60000));
  if (minutes < 60) return count(element, "minute", minutes);
  if (minutes < 48 * 60) return count(element, "hour", Math.floor(minutes / 60));
  return count(element, "day", Math.floor(minutes / 1440));
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
  element.textContent = pattern.replace("%(span)s", span(element, left));
  element.className = `cv-due cv-due--${tone}`;
}

const refreshAll = () => document.querySelectorAll("time[data-cv-due]").forEach(refresh);
refreshAll();
document.addEventListener("htmx:afterSwap", refreshAll);
setInterval(refreshAll, 30000);
