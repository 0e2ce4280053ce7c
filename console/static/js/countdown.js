// Clocks that run on the page: data-countdown counts down to a moment, data-since counts up from one,
// data-until runs down in figures; with data-warns it says when so many seconds are left.
import { duration, fill, running, words } from "./words.js";

const EVERY_MS = 10_000;

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const left = (Date.parse(clock.dataset.countdown) - now) / 1000;
    const warned = clock.dataset.warn && now >= Date.parse(clock.dataset.warn);
    clock.dataset.hue = left < 0 ? "late" : warned ? "waiting" : "running";
    const text = fill(left < 0 ? words.over : words.left, { d: duration(left) });
    const shown = clock.querySelector(".left") ?? clock;
    if (shown.textContent.trim() !== text) shown.textContent = text;
  }
}

function tock() {
  for (const timer of document.querySelectorAll("[data-since]")) {
    timer.textContent = running((Date.now() - Date.parse(timer.dataset.since)) / 1000);
  }
  for (const timer of document.querySelectorAll("[data-until]")) {
    const left = (Date.parse(timer.dataset.until) - Date.now()) / 1000;
    timer.textContent = running(left);
    if (timer.dataset.warns) timer.classList.toggle("is-soon", left <= Number(timer.dataset.warns));
  }
}

setInterval(tick, EVERY_MS);
setInterval(tock, 1000);
document.addEventListener("visibilitychange", () => document.hidden || (tick(), tock()));
