/* The page's side of XBlocks: what the platform's script offers to blocks, in small. */
"use strict";

(() => {
  const csrfToken = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

  jQuery.ajaxPrefilter((options, _original, request) => {
    if (!options.crossDomain) request.setRequestHeader("X-CSRFToken", csrfToken());
  });

  /* Names that the published blocks' scripts expect in the page. */
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#x60;" };
  window._ = window._ || {
    escape: (text) => String(text ?? "").replace(/[&<>"'`]/g, (character) => escapes[character]),
    extend: Object.assign,
    mapObject: (object, change) =>
      Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)])),
  };
  window.edx = window.edx || {};
  window.edx.StringUtils = {
    interpolate: (text, values) => text.replace(/{\w+}/g, (name) => String(values[name.slice(1, -1)])),
  };
  window.Logger = { log() {}, listen() {} };

  const announcements = document.getElementById("announcements");
  const readTexts = (texts) => {
    announcements.textContent = texts.join(" ");
  };
  window.SR = { readText: (text) => readTexts([text]), readTexts, clear: () => readTexts([]) };

  const inPlatform = (method) => (url, data, callback) => jQuery[method](url, data, callback);
  jQuery.postWithPrefix = inPlatform("post");
  jQuery.getWithPrefix = inPlatform("get");
  jQuery.ajaxWithPrefix = (url, options) => jQuery.ajax(url, options);

  const tellParent = (message) => {
    if (window.parent !== window) window.parent.postMessage(message, window.location.origin);
  };

  class Runtime {
    handlerUrl(element, handler, suffix = "", query = "") {
      const base = jQuery(element).closest(".xblock").data("handler-base");
      return `${base}/${handler}/${suffix}${query ? `?${query}` : ""}`;
    }

    /* Studio's editors tell when they save, and when they were cancelled. */
    notify(event, payload = {}) {
      if (event === "error") readTexts([payload.title || "", payload.message || payload.msg || ""]);
      if (event === "cancel" || (event === "save" && payload.state === "end")) tellParent({ type: `demo:${event}` });
    }
  }

  const publish = (url) =>
    jQuery
      .ajax({ url, type: "POST", contentType: "application/json", data: JSON.stringify({ completion: 1 }) })
      .done(() => tellParent({ type: "demo:progress" }));

  /* The problem block writes its points as its reader's language does; its script wants numbers. */
  function readPoints(element) {
    element.querySelectorAll("[data-problem-score]").forEach(({ dataset }) => {
      for (const name of ["problemScore", "problemTotalPossible"]) dataset[name] = dataset[name].replace(",", ".");
    });
  }

  /* The published video player needs Underscore and jQuery UI, which the platform has; here the browser's own plays. */
  function plainVideo(element) {
    const box = element.querySelector(".video");
    const { sources, publishCompletionUrl, completionPercentage } = JSON.parse(box.dataset.metadata);
    const player = Object.assign(document.createElement("video"), { controls: true, preload: "metadata" });
    player.setAttribute("aria-label", box.closest(".xblock").querySelector("h3")?.textContent.trim() || "");
    sources.forEach((src) => player.append(Object.assign(document.createElement("source"), { src })));
    box.replaceWith(player);
    player.addEventListener("timeupdate", function seen() {
      if (player.currentTime < player.duration * completionPercentage) return;
      player.removeEventListener("timeupdate", seen);
      publish(publishCompletionUrl);
    });
  }

  function start(element) {
    if (!element.dataset.init) return;
    if (element.dataset.init === "Video") return plainVideo(element);
    const init = window[element.dataset.init];
    if (typeof init !== "function") return;
    readPoints(element);
    const json = element.querySelector(":scope > script.xblock_json_init_args");
    new init(new Runtime(), element, json ? JSON.parse(json.textContent) : {});
  }

  /* A block is complete once its beginning and its end have been seen, and it for five seconds. */
  function completeWhenSeen(element) {
    const unseen = new Set(element.querySelectorAll(":scope > .edge"));
    let timer = null;
    let waited = false;
    const submit = () => {
      observer.disconnect();
      const block = element.querySelector(".xblock");
      publish(new Runtime().handlerUrl(block, "publish_completion"));
    };
    const observer = new IntersectionObserver((entries) => {
      entries.filter((entry) => entry.isIntersecting).forEach((entry) => unseen.delete(entry.target));
      if (entries.some((entry) => entry.isIntersecting) && timer === null) {
        timer = setTimeout(() => {
          waited = true;
          if (!unseen.size) submit();
        }, Number(document.body.dataset.viewingDelay));
      }
      if (waited && !unseen.size) submit();
    });
    unseen.forEach((edge) => observer.observe(edge));
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".xblock").forEach(start);
    document.querySelectorAll("[data-completes-on-view]").forEach(completeWhenSeen);
    jQuery(document).on("ajaxSuccess", (_event, _request, settings) => {
      if (settings.url.endsWith("/problem_check")) tellParent({ type: "demo:progress" });
    });
    const tellHeight = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      tellParent({ type: "plugin.resize", payload: { height } });
    };
    new ResizeObserver(tellHeight).observe(document.body);
    tellHeight();
  });
})();
