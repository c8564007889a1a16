/* The choice of a trade. Without this script each form opens the page that does the same. */
"use strict";

window.UtopSectorChoice = function UtopSectorChoice(runtime, element) {
  const root = (element.jquery ? element[0] : element).querySelector(".utop-choice");
  if (!root) return;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const say = (name, text) => {
    root.querySelectorAll(`[data-text="${name}"]`).forEach((place) => {
      place.textContent = text;
    });
  };
  const show = (...names) => {
    root.querySelectorAll("[data-part]").forEach((one) => {
      one.hidden = !names.includes(one.dataset.part);
    });
    root.querySelectorAll('[data-action="list"]').forEach((button) => {
      button.setAttribute("aria-expanded", String(names.includes("list")));
    });
  };
  const shown = () => [...root.querySelectorAll("[data-part]:not([hidden])")].map((one) => one.dataset.part);
  const csrfToken = () => {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${root.dataset.csrfCookie}=`));
    return cookie ? decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)) : "";
  };

  async function post(url, body) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const content = isJson ? await answer.json() : {};
    if (!answer.ok) throw Object.assign(new Error(), { told: content.detail });
    return content;
  }

  let busy = false;
  /* One request at a time, whatever the number of clicks; a refusal is told where `refused` says. */
  async function once(button, work, refused) {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    say("status", root.dataset.working);
    try {
      await work();
    } catch (error) {
      say("status", "");
      refused(error.told || root.dataset.failed);
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  }

  /* The server looks for itself whether a trade is held; a failure is made up for at the next visit. */
  const complete = () => post(runtime.handlerUrl(element, "chosen"), {}).catch(() => undefined);

  async function choose(slug) {
    const answer = await post(root.dataset.choiceUrl, { sector: slug });
    say("held", answer.sector.name);
    say("status", "");
    root.querySelectorAll('input[type="radio"]').forEach((radio) => {
      radio.checked = radio.value === slug;
    });
    show("held");
    part("held").focus();
    await complete();
    window.parent.postMessage({ type: "utop:path-changed" }, "*");
  }

  function refuseSiret(reason) {
    const input = part("siret").querySelector("input");
    say("siret-error", reason);
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  function offer(slugs) {
    root.querySelectorAll(".utop-choice__sector").forEach((label) => {
      label.hidden = !slugs.includes(label.querySelector("input").value);
    });
    root.querySelector('[data-action="all"]').hidden = !root.querySelector(".utop-choice__sector[hidden]");
  }

  const everySlug = () => [...root.querySelectorAll('input[type="radio"]')].map((radio) => radio.value);

  function focusList() {
    const radios = [...part("list").querySelectorAll('input[type="radio"]')].filter((one) => one.offsetParent);
    (radios.find((one) => one.checked) || radios[0] || part("list")).focus();
  }

  function propose(answer) {
    const { employer, proposal } = answer;
    say("company", employer.name || employer.siret);
    say("sentence", proposal.message);
    say("status", employer.warning);
    say("siret-error", "");
    part("siret").querySelector("input").removeAttribute("aria-invalid");
    offer(proposal.candidates.map((candidate) => candidate.slug));
    if (!proposal.sector) {
      show("sentence", "company", "list");
      return focusList();
    }
    say("proposal", proposal.sector.name);
    part("proposal").querySelector('input[name="sector"]').value = proposal.sector.slug;
    show("sentence", "company", "proposal");
    return part("proposal").querySelector(".utop-choice__proposal").focus();
  }

  const actions = {
    change() {
      offer(everySlug());
      show("held", "list");
      focusList();
    },
    list() {
      show(...shown(), "list");
      focusList();
    },
    all() {
      offer(everySlug());
      focusList();
    },
    "other-company"() {
      show("siret");
      part("siret").querySelector("input").focus();
    },
  };

  const submissions = {
    siret(form, button) {
      const body = { siret: form.querySelector("input").value, course: root.dataset.course };
      return once(button, async () => propose(await post(root.dataset.employerUrl, body)), refuseSiret);
    },
    proposal(form, button) {
      return once(button, () => choose(form.elements.sector.value), (reason) => say("status", reason));
    },
    list(form, button) {
      const picked = form.querySelector("input:checked");
      if (!picked) return say("status", root.dataset.pick);
      return once(button, () => choose(picked.value), (reason) => say("status", reason));
    },
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) actions[button.dataset.action]();
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    submissions[form.dataset.part](form, event.submitter || form.querySelector('[type="submit"]'));
  });

  if (root.dataset.held && root.dataset.completed === "no") complete();
};
