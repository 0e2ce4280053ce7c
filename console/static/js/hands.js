// Whether somebody is in the middle of something that a page put in its place would tear: a word that an input method
// composes, letters that follow one another, an open list, a dialog, a form that nothing saves.
const PAUSE_MS = 700; // after which whoever typed has stopped for a moment
const LOOK_MS = 100;
const OPEN_LIST = CSS.supports("selector(select:open)") ? "select:open, [role=combobox][aria-expanded=true]" : "[role=combobox][aria-expanded=true]";
let composed = null;
let typedAt = -Infinity;

const main = () => document.getElementById("main");
const isTyping = () => Boolean(composed?.isConnected) || performance.now() - typedAt < PAUSE_MS || Boolean(main().querySelector(OPEN_LIST));

document.addEventListener("compositionstart", (event) => (composed = event.target), true);
document.addEventListener("compositionend", () => (composed = null), true);
document.addEventListener("input", (event) => {
  if (!event.isTrusted) return;
  typedAt = performance.now();
  const form = event.target.closest?.("#main form:is([method=post], [hx-post])");
  if (form) form.dataset.touched = "1";
}, true);

/** Whether the page holds typing that nothing saves. */
export const holdsTyping = () => Boolean(main().querySelector("form[data-touched]:not([data-autosave])"));

/** Whether the page is to stay for as long as the person does not leave it. */
export const mustStay = () => holdsTyping() || Boolean(main().querySelector("dialog[open]"));

/** Resolves as soon as nobody is in the middle of a word or of choosing. */
export async function handsAreFree() {
  while (isTyping()) await new Promise((done) => setTimeout(done, LOOK_MS));
}
