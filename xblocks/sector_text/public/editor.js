/* The form of all the versions: says which version each trade reads, previews, saves. */
"use strict";

window.UtopSectorTextEditor = function UtopSectorTextEditor(runtime, element) {
  const form = (element.jquery ? element[0] : element).querySelector(".utop-text-editor");
  if (!form) return;
  const { own, others, falls, empty, saving, failed, style } = form.dataset;
  const versions = [...form.querySelectorAll("details")];
  const textOf = (version) => version.querySelector("textarea").value.trim();
  const bySlug = (slug) => versions.find((version) => version.dataset.slug === slug);
  const title = form.elements.display_name;
  const titleBefore = title.value;

  /* The nearest version that has a text: its own, one above, the default. */
  function source(version) {
    const lineage = version.dataset.lineage.split(" ").filter(Boolean).map(bySlug).filter(Boolean);
    return lineage.find(textOf) || versions[0];
  }

  function sayStates() {
    versions.forEach((version) => {
      const read = source(version);
      const held = version === versions[0] ? others : own;
      const words = read === version ? held : falls.replace("{name}", () => read.dataset.name);
      version.querySelector('[data-part="state"]').textContent = textOf(read) ? words : empty;
    });
  }

  function page(version) {
    const text = textOf(source(version));
    const name = document.createElement("title");
    name.textContent = version.dataset.name;
    const head = `<meta charset="utf-8"><link rel="stylesheet" href="${encodeURI(style)}">${name.outerHTML}`;
    return `<!DOCTYPE html><html lang="${document.documentElement.lang}"><head>${head}</head><body class="utop-text">${text}</body></html>`;
  }

  const previewOf = (version) => version.querySelector('[data-part="preview"]');

  /* The previews that are open: a version may show in those of other trades. */
  function refreshPreviews() {
    versions.filter((version) => !previewOf(version).hidden).forEach((version) => {
      previewOf(version).querySelector("iframe").srcdoc = page(version);
    });
  }

  function preview(button) {
    const place = previewOf(button.closest("details"));
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    refreshPreviews();
  }

  function edits() {
    const [first, ...others] = versions;
    const texts = Object.fromEntries(others.map((version) => [version.dataset.slug, textOf(version)]));
    const values = { default_version: textOf(first), versions: texts };
    if (title.value.trim() !== titleBefore && title.value.trim()) values.display_name = title.value.trim();
    return { values, defaults: title.value.trim() ? [] : ["display_name"] };
  }

  function reason(answer) {
    try {
      const { error } = JSON.parse(answer.responseText);
      return error.messages ? error.messages.map((message) => message.text).join(" ") : String(error);
    } catch {
      return failed;
    }
  }

  function refuse(answer) {
    const message = reason(answer);
    form.querySelector('[data-part="error"]').textContent = message;
    runtime.notify("error", { title: failed, message });
  }

  /* The platform's own jQuery: it carries the CSRF token in Studio. */
  function save() {
    form.querySelector('[data-part="error"]').textContent = "";
    runtime.notify("save", { state: "start", message: saving });
    window.jQuery
      .ajax({
        type: "POST",
        url: runtime.handlerUrl(element, "submit_studio_edits"),
        data: JSON.stringify(edits()),
        contentType: "application/json",
        dataType: "json",
        global: false,
      })
      .done(() => runtime.notify("save", { state: "end" }))
      .fail(refuse);
  }

  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    sayStates();
    refreshPreviews();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.action === "preview") preview(button);
    if (button.classList.contains("cancel-button")) runtime.notify("cancel", {});
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
};
