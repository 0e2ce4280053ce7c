// The call bar in one line. Where there is no room it goes without key hints, then without what can be read elsewhere,
// and only then takes a second line. While a call lasts it does not unfold again, so that no button moves under the hand.
const STEPS = ["is-tight", "is-tighter", "is-wrapped"];
let taken = 0;
let width = 0;

/** Fold the bar as far as its width asks for. */
export function fit(bar) {
  if (!bar.classList.contains("has-call") || bar.clientWidth !== width) taken = 0;
  width = bar.clientWidth;
  const show = () => STEPS.forEach((step, n) => bar.classList.toggle(step, n < taken));
  show();
  while (bar.scrollWidth > bar.clientWidth && taken < STEPS.length) {
    taken += 1;
    show();
  }
}

const bar = document.getElementById("callbar");
if (bar) {
  const room = new ResizeObserver(() => fit(bar));
  for (const one of [bar, document.getElementById("softphone")]) room.observe(one); // a telephone in the browser has buttons of its own
}
