// The author's table: everybody or some trades, boxes closed from above, and totals, while the author ticks.
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
const groups = [...rows[0].boxes.keys()];
const box = (row, group) => row.boxes.get(group).querySelector("input");

function visible(group) {
  const seen = new Set();
  for (const row of rows) {
    const above = row.parent === "" || seen.has(row.parent);
    if (above && !row.isHidden && (box(row, EVERYBODY).checked || (group !== EVERYBODY && box(row, group).checked))) seen.add(row.name);
  }
  return seen;
}

function show(total, group, figure) {
  const cell = form.querySelector(`tr[data-total="${total}"] td[data-group="${group}"] [data-figure]`);
  if (cell.textContent !== String(figure)) cell.textContent = figure;
}

function recount() {
  for (const group of groups) {
    const seen = visible(group);
    const built = new Set(rows.filter((row) => row.level === 3).map((row) => row.parent));
    const open = new Set(rows.filter((row) => row.level === 3 && seen.has(row.name)).map((row) => row.parent));
    const way = rows.filter((row) => row.level === 2 && seen.has(row.name) && (open.has(row.name) || !built.has(row.name)));
    show("modules", group, way.length);
    show("minutes", group, way.reduce((sum, row) => sum + row.minutes, 0));
    if (group === EVERYBODY) continue;
    for (const row of rows) {
      row.boxes.get(group).classList.toggle("utop-matrix__closed", row.parent !== "" && !seen.has(row.parent));
    }
  }
}

form.addEventListener("change", ({ target }) => {
  if (target.name !== "cell" || !target.checked) return recount();
  const row = rows.find(({ element }) => element.contains(target));
  const isEverybody = target === box(row, EVERYBODY);
  for (const group of groups) {
    if ((group === EVERYBODY) !== isEverybody) box(row, group).checked = false;
  }
  return recount();
});
