// Single-letter keys: of the page (data-shortcut), of the frame (`?`, `/`). Never while a person types or an input
// method composes; and they can be switched off (WCAG 2.1.4) in the sheet that lists them.
import { composing, make, takesText, visible } from "./parts.js";
import { words } from "./words.js";

const OFF = "letter-keys-off";
const sheet = () => document.getElementById("keys");
const on = () => localStorage.getItem(OFF) !== "1";

let quietUntil = 0;

/** A page comes by itself: letters that were meant for what stood there are no commands to it. */
export const hushLetters = (ms) => (quietUntil = performance.now() + ms);

/** Whether a letter pressed now may be a command. */
export const lettersAreKeys = (event) =>
  on() && performance.now() >= quietUntil && !event.defaultPrevented && !composing(event) && !event.ctrlKey && !event.metaKey && !event.altKey &&
  !takesText(event.target) && !document.querySelector("dialog[open], :popover-open");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && takesText(event.target) && !composing(event) && !event.defaultPrevented && !event.target.closest("dialog")) {
    const part = event.target.closest("[data-own-keys]")?.querySelector('[role="group"]');
    if (part && visible(part)) part.focus();
    else event.target.blur();
    return;
  }
  if (!lettersAreKeys(event)) return;
  if (event.key === "?") return act(event, openSheet);
  if (event.key === "/") return act(event, () => focusField(document.querySelector("#main [data-search]") ?? document.querySelector("[data-search]")));
  const wanted = pressable(event.key);
  if (wanted) act(event, () => press(wanted));
});

function act(event, deed) {
  event.preventDefault();
  deed();
}

function focusField(field) {
  field?.focus();
  field?.select?.();
}

const shortcuts = () => [...document.querySelectorAll("[data-shortcut]")].filter((one) => visible(one) && !one.disabled);

/** In a part with keys of its own (data-own-keys) they come first; from elsewhere, those of the page do. */
function pressable(key) {
  const low = key.length === 1 ? key.toLowerCase() : key;
  const fitting = shortcuts().filter((one) => one.dataset.shortcut === low);
  const part = document.activeElement?.closest("[data-own-keys]");
  return fitting.find((one) => part?.contains(one)) ?? fitting.find((one) => !one.closest("[data-own-keys]")) ?? fitting[0];
}

function press(element) {
  if (takesText(element)) focusField(element);
  else {
    element.focus({ preventScroll: true });
    element.click();
  }
}

const labelOf = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".key, .visually-hidden, svg").forEach((part) => part.remove());
  return copy.textContent.trim() || element.getAttribute("aria-label") || element.title;
};

/** What must be on the page for a key to do something. */
const NEEDED = {
  "j / k": "#main .grid tr:is([data-href], [data-key])",
  Enter: "#main .grid tr:is([data-href], [hx-get])",
  x: "#main .grid tbody input[type=checkbox]",
  "Shift F8": "#softphone:not(:empty)",
};

function openSheet() {
  const list = sheet().querySelector("[data-keys]");
  const rows = shortcuts().map((one) => [one.dataset.shortcut.toUpperCase(), labelOf(one)]);
  for (const [keys, what] of Object.entries(words.keys)) {
    const needed = NEEDED[keys] ?? (/^(F|Shift )/.test(keys) ? "#callbar" : "body");
    if (document.querySelector(needed)) rows.push([keys, what]);
  }
  list.replaceChildren(...rows.flatMap(([keys, what]) => [
    make("dt", {}, ...keys.split(" / ").map((key) => make("kbd", { class: "key" }, key))),
    make("dd", {}, what),
  ]));
  sheet().showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-dialog="keys"]')) openSheet();
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-letter-keys]")) localStorage.setItem(OFF, event.target.checked ? "0" : "1");
});
const choice = document.querySelector("[data-letter-keys]");
if (choice) choice.checked = on();
