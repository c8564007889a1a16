/* The meter moves with each credited beat; a screen reader is told at most every five minutes. */
"use strict";

window.UtopAttendanceMeter = function UtopAttendanceMeter(_runtime, element) {
  const root = (element.jquery ? element[0] : element).querySelector(".utop-meter");
  if (!root) return;
  const announceEvery = 5 * 60 * 1000;
  const text = (name) => root.querySelector(`[data-text="${name}"]`);
  const progress = root.querySelector("progress");
  let total = Number(root.dataset.total);
  let module = Number(root.dataset.module);
  let announcedAt = performance.now();

  function duration(seconds) {
    const minutes = Math.floor(seconds / 60);
    const padded = String(minutes % 60).padStart(2, "0");
    if (minutes >= 60) {
      return root.dataset.hours.replace("{hours}", Math.floor(minutes / 60)).replace("{minutes:02d}", padded);
    }
    if (minutes === 0 && seconds > 0) return root.dataset.seconds;
    return root.dataset.minutes.replace("{minutes}", minutes);
  }

  function announce() {
    if (performance.now() - announcedAt < announceEvery) return;
    announcedAt = performance.now();
    text("announcement").textContent = text("total").parentElement.textContent.trim();
  }

  document.addEventListener("utop:beat", ({ detail }) => {
    const credited = Number(detail.credited);
    if (!(credited > 0)) return;
    total += credited;
    module += credited;
    text("total").textContent = duration(total);
    if (progress) {
      text("module").textContent = duration(module);
      progress.value = module;
    }
    announce();
  });
};
