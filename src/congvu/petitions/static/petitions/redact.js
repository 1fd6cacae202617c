// Boxes over faces and plates: drawn by mouse or finger, moved by keys. What is sent are the number fields, which work
// without this file, too; a box on the picture only shows them.

const SIDES = ["left", "top", "width", "height"];
const STEP = 1, SMALLEST = 0.5, FIRST = { left: 40, top: 40, width: 20, height: 20 }; // hundredths

for (const tool of document.querySelectorAll("[data-cv-redact]")) start(tool);

function start(tool) {
  const picture = tool.querySelector(".cv-redact__picture");
  const list = tool.querySelector(".cv-redact__boxes");
  const boxes = new Map(); // row of numbers -> box on the picture

  const field = (row, side) => row.querySelector(`[name="${side}"]`);
  const numbers = (row) => Object.fromEntries(SIDES.map((side) => [side, Number(field(row, side).value)]));
  const rowOf = (box) => [...boxes.keys()].find((row) => boxes.get(row) === box);
  const say = (words, row) => {
    tool.querySelector("[role=status]").textContent = words.replace("{n}", [...list.children].indexOf(row) + 1);
  };

  const show = (row) => {
    const found = numbers(row);
    for (const side of SIDES) boxes.get(row).style[side] = `${found[side]}%`;
  };
  const set = (row, wanted) => {
    const width = clamp(wanted.width, SMALLEST, 100), height = clamp(wanted.height, SMALLEST, 100);
    const place = { width, height, left: clamp(wanted.left, 0, 100 - width), top: clamp(wanted.top, 0, 100 - height) };
    for (const side of SIDES) field(row, side).value = Number(place[side].toFixed(2));
    show(row);
  };
  const count = () => {
    [...list.children].forEach((row, index) => {
      const name = tool.dataset.name.replace("{n}", index + 1);
      row.querySelector("legend").textContent = name;
      boxes.get(row).setAttribute("aria-label", name);
    });
  };
  const wire = (row) => {
    const box = document.createElement("button");
    box.type = "button";
    box.className = "cv-redact__box";
    boxes.set(row, box);
    picture.append(box);
    show(row);
  };
  const add = (place) => {
    const row = tool.querySelector("template").content.firstElementChild.cloneNode(true);
    list.append(row);
    wire(row);
    set(row, place);
    count();
    return row;
  };
  const remove = (row) => {
    say(tool.dataset.removed, row);
    boxes.get(row).remove();
    boxes.delete(row);
    row.remove();
    count();
    tool.querySelector("[data-cv-redact-add]").focus();
  };

  for (const row of [...list.children]) {
    if (SIDES.some((side) => field(row, side).value)) wire(row);
    else row.remove();
  }
  count();
  tool.querySelector("details").open = false;
  for (const part of tool.querySelectorAll("[data-cv-redact-live]")) part.hidden = false;
  picture.classList.add("cv-redact__picture--live");

  list.addEventListener("input", (event) => show(event.target.closest("li")));
  tool.querySelector("[data-cv-redact-add]").addEventListener("click", () => {
    const row = add(FIRST);
    boxes.get(row).focus();
    say(tool.dataset.added, row);
  });
  picture.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    if (event.key === "Delete" || event.key === "Backspace") remove(row);
    else if (event.key.startsWith("Arrow")) set(row, moved(numbers(row), event.key, event.shiftKey));
    else return;
    event.preventDefault();
  });
  point(picture, { rowOf, numbers, set, add, remove });
}

// One finger or the mouse: on a box it is moved, elsewhere a new one is drawn.
function point(picture, { rowOf, numbers, set, add, remove }) {
  let held = null;
  const at = (event) => {
    const frame = picture.getBoundingClientRect();
    return {
      x: clamp(((event.clientX - frame.left) / frame.width) * 100, 0, 100),
      y: clamp(((event.clientY - frame.top) / frame.height) * 100, 0, 100),
    };
  };
  picture.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    event.target.focus?.();
    picture.setPointerCapture(event.pointerId);
    held = { from: at(event), row: rowOf(event.target) ?? null, isNew: !rowOf(event.target) };
    if (held.row) held.place = numbers(held.row);
  });
  picture.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { x, y } = at(event), { from } = held;
    const place = held.isNew
      ? { left: Math.min(x, from.x), top: Math.min(y, from.y), width: Math.abs(x - from.x), height: Math.abs(y - from.y) }
      : { ...held.place, left: held.place.left + x - from.x, top: held.place.top + y - from.y };
    if (held.row) set(held.row, place);
    else if (place.width > SMALLEST && place.height > SMALLEST) held.row = add(place);
  });
  picture.addEventListener("pointerup", () => { held = null; });
  picture.addEventListener("pointercancel", () => {
    if (held?.isNew && held.row) remove(held.row);
    else if (held?.row) set(held.row, held.place);
    held = null;
  });
}

function moved(place, key, resizes) {
  const step = key === "ArrowLeft" || key === "ArrowUp" ? -STEP : STEP;
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  const side = resizes ? (isAcross ? "width" : "height") : (isAcross ? "left" : "top");
  return { ...place, [side]: place[side] + step };
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
