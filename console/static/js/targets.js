// Whom the call is taken to: type, walk with the arrows, Enter consults, Shift+Enter transfers. A queue is only
// transferred to.
import { ask } from "./net.js";
import { make } from "./parts.js";
import { words } from "./words.js";

const PAUSE_MS = 120; // between two letters of somebody who types fast
let asked = 0;
let waiting = null;

/** Open the menu; `deeds.consult(target)` and `deeds.transfer(target)` do what was chosen. */
export function openTargets(menu, deeds) {
  const say = words.call;
  const field = make("input", { class: "input", type: "search", autocomplete: "off", maxlength: "40", "aria-label": say.takeToField, placeholder: say.takeToField });
  const list = make("ul", {});
  const choose = (deed) => (target) => {
    menu.hidePopover();
    deed(target);
  };
  const deedsOfRow = { consult: choose(deeds.consult), transfer: choose(deeds.transfer) };
  const look = () => find(field.value.trim(), list, deedsOfRow);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  menu.replaceChildren(make("p", { class: "title" }, say.takeTo), field, list);
  menu.onkeydown = (event) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault(); // a search field would only empty itself
      menu.hidePopover();
    } else walk(event, field, list);
  };
  menu.showPopover();
  field.focus();
  look();
}

async function find(text, list, deeds) {
  const turn = (asked += 1);
  let found = [];
  try {
    ({ found } = await ask(`/calls/targets?q=${encodeURIComponent(text)}`));
  } catch {
    return; // the call bar itself says that it is out of reach
  }
  if (turn !== asked) return;
  list.replaceChildren(...(found.length ? found.map((one) => row(one, deeds)) : [make("li", { class: "muted" }, words.call.nobodyFound)]));
}

function row(target, deeds) {
  const { consult, transfer } = words.call;
  const press = (name, label) =>
    make("button", { type: "button", class: "button small", "data-deed": name, "aria-label": `${label} ${target.label}`, onclick: () => deeds[name](target) }, label);
  const buttons = target.kind === "queue" ? [press("transfer", transfer)] : [press("consult", consult), press("transfer", transfer)];
  return make("li", {}, make("span", { class: "name" }, target.label), make("span", { class: "muted small" }, target.note), ...buttons);
}

function walk(event, field, list) {
  const rows = [...list.querySelectorAll("li")].filter((one) => one.querySelector("button"));
  if (event.isComposing || !rows.length) return;
  const at = rows.findIndex((one) => one.contains(document.activeElement));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    event.stopPropagation(); // of a row's two buttons one is enough
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    (rows[next]?.querySelector("button") ?? field).focus();
  } else if (event.key === "Enter" && (event.target === field || event.shiftKey)) {
    event.preventDefault();
    const chosen = rows[Math.max(at, 0)];
    const wanted = event.shiftKey ? chosen.querySelector("[data-deed=transfer]") : chosen.querySelector("button");
    wanted.click();
  }
}
