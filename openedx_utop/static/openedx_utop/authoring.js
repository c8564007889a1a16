// The author's table: everybody or some trades, at some levels, boxes closed from above, and totals, while the author ticks.
// The server computes all of it again; without this script the page says the same one step later.
const form = document.getElementById("utop-plan");
const EVERYBODY = "0";

const rows = [...form.querySelectorAll("tr[data-name]")].map((element) => ({
  element,
  name: element.dataset.name,
  parent: element.dataset.parent,
  level: Number(element.dataset.level),
  minutes: Number(element.dataset.minutes),
  isHidden: "hidden" in element.dataset,
  boxes: new Map([...element.querySelectorAll("td[data-group]")].map((cell) => [cell.dataset.group, cell])),
}));
// Levels count down from -1; in a course without any, each trade goes one way.
const groups = [...rows[0].boxes.keys()].filter((group) => !group.startsWith("-"));
const levels = [...rows[0].boxes.keys()].filter((group) => group.startsWith("-"));
const box = (row, group) => row.boxes.get(group).querySelector("input");
// Each way through the course: a group, at a level if it is a trade's, and where its totals stand.
const ways = levels.length
  ? [...form.querySelectorAll("tr[data-way]")].map((line) => ({ group: line.dataset.way, level: line.dataset.level, line }))
  : groups.map((group) => ({ group, level: "0" }));

function admits(row, { group, level }) {
  if (level !== "0") return box(row, level).checked && (box(row, EVERYBODY).checked || box(row, group).checked);
  if (box(row, EVERYBODY).checked) return levels.every((each) => box(row, each).checked);
  return group !== EVERYBODY && box(row, group).checked;
}

function visible(way) {
  const seen = new Set();
  for (const row of rows) {
    const above = row.parent === "" || seen.has(row.parent);
    if (above && !row.isHidden && admits(row, way)) seen.add(row.name);
  }
  return seen;
}

function show({ group, line }, total, figure) {
  const cell = line
    ? line.querySelector(`[data-sum="${total}"]`)
    : form.querySelector(`tr[data-total="${total}"] td[data-group="${group}"] [data-figure]`);
  if (cell.textContent !== String(figure)) cell.textContent = figure;
}

function count(way, seen) {
  const built = new Set(rows.filter((row) => row.level === 3).map((row) => row.parent));
  const open = new Set(rows.filter((row) => row.level === 3 && seen.has(row.name)).map((row) => row.parent));
  const modules = rows.filter((row) => row.level === 2 && seen.has(row.name) && (open.has(row.name) || !built.has(row.name)));
  show(way, "modules", modules.length);
  show(way, "minutes", modules.reduce((sum, row) => sum + row.minutes, 0));
}

function recount() {
  const reached = new Map([...groups, ...levels].map((column) => [column, new Set()]));
  for (const way of ways) {
    const seen = visible(way);
    count(way, seen);
    for (const name of seen) {
      reached.get(way.group).add(name);
      reached.get(way.level)?.add(name);
    }
  }
  for (const row of rows) {
    for (const [column, cell] of row.boxes) {
      cell.classList.toggle("utop-matrix__closed", column !== EVERYBODY && row.parent !== "" && !reached.get(column).has(row.parent));
    }
  }
}

form.addEventListener("change", ({ target }) => {
  if (target.name !== "cell" || !target.checked) return recount();
  const row = rows.find(({ element }) => element.contains(target));
  if (levels.some((level) => target === box(row, level))) return recount();
  const isEverybody = target === box(row, EVERYBODY);
  for (const group of groups) {
    if ((group === EVERYBODY) !== isEverybody) box(row, group).checked = false;
  }
  return recount();
});
