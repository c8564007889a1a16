// The editor of badges: the picture drawn while the author chooses, skills found while the author types.
// Without it the same page works, a button further.
const PAUSE = 250;
// Between two letters of a word, to ask once for both.
const LETTER = 60;
const form = document.querySelector(".utop-editor");

function later(action, pause = PAUSE) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, pause);
  };
}

function drawPicture() {
  const place = form.querySelector(".utop-editor__drawn");
  const [image, said] = [place.querySelector("img"), place.querySelector("p")];
  const names = ["name", "picture_text", "symbol", "frame", "colour", "second_colour", "level"];
  const draw = () => {
    const data = new FormData(form);
    place.hidden = !(data.get("name") + data.get("picture_text")).trim();
    if (place.hidden) return;
    image.src = `${form.dataset.drawn}?${new URLSearchParams(names.map((name) => [name, data.get(name) ?? ""]))}`;
  };
  image.addEventListener("load", () => {
    image.hidden = false;
    said.textContent = "";
  });
  // The server says why nobody could read it.
  image.addEventListener("error", async () => {
    image.hidden = true;
    const address = image.src;
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (answer && !answer.ok && image.src === address) said.textContent = await answer.text();
  });
  const soon = later(draw);
  form.addEventListener("input", (event) => {
    if (names.includes(event.target.name)) soon();
  });
  draw();
}

function findSkills() {
  const [search, framework] = [form.querySelector("#utop-q"), form.querySelector("#utop-framework")];
  if (!search) return;
  const [chosen, found] = [form.querySelector("#utop-chosen"), form.querySelector("#utop-found")];
  let last = 0;
  const keepTicked = () => {
    for (const box of found.querySelectorAll(":checked")) {
      chosen.append(box.closest("label"));
      form.querySelector("[data-none]")?.remove();
    }
  };
  const find = async () => {
    const ticked = new FormData(form).getAll("skills").map((number) => ["skills", number]);
    const query = new URLSearchParams([["q", search.value], ["framework", framework.value], ...ticked]);
    // What was asked last is what counts, whatever answers last.
    const mine = ++last;
    const answer = await fetch(`${form.dataset.found}?${query}`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const matches = await answer.text();
    if (mine !== last) return;
    keepTicked();
    found.innerHTML = matches;
  };
  const soon = later(find, LETTER);
  search.addEventListener("input", soon);
  framework.addEventListener("change", soon);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  });
  form.querySelector('[value="search"]').addEventListener("click", (event) => {
    event.preventDefault();
    find();
  });
}

if (form) {
  drawPicture();
  findSkills();
}
