/* One version at a time. Without this script all of them follow each other. */
"use strict";

window.UtopSectorTextPreview = function UtopSectorTextPreview(_runtime, element) {
  const root = (element.jquery ? element[0] : element).querySelector(".utop-text-author");
  if (!root) return;
  const select = root.querySelector("select");
  const show = () => {
    root.querySelectorAll(".utop-text-author__version").forEach((version) => {
      version.hidden = version.dataset.slug !== select.value;
    });
  };
  select.addEventListener("change", show);
  show();
};
