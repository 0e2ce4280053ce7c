// A part that comes or goes above the hand does not push away what the hand is at: what scrolls moves with it.
// And what fills the window below the head gives room when the head grows by a strip or a second line.
let kept = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const held = document.activeElement;
  const main = document.getElementById("main");
  const apart = held !== main && main?.contains(held) && target !== main && !target.contains(held) && !held.contains(target);
  kept = apart ? { held, top: held.getBoundingClientRect().top } : null;
});

document.addEventListener("htmx:afterSwap", () => {
  const moved = kept?.held.isConnected ? kept.held.getBoundingClientRect().top - kept.top : 0;
  if (moved) scrollerOf(kept.held).scrollTop += moved;
  kept = null;
});

function scrollerOf(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}

const top = document.querySelector(".shell-top");
if (top) new ResizeObserver(() => document.documentElement.style.setProperty("--top", `${top.offsetHeight}px`)).observe(top);
