// data-live="desk:dispatch" on a list: what is new is counted, never moved under the hand. The person loads it.
import { onLive, join, leave } from "./socket.js";
import { refreshCounts } from "./pages.js";
import { announce, make } from "./parts.js";
import { newRows, words } from "./words.js";

const lists = () => document.querySelectorAll("[data-live]");
const onDemand = (room) => room.startsWith("case:") || room.startsWith("call:");
let inRooms = [];

function concerns(room, message) {
  const [kind, name] = room.split(":");
  if (message.room) return message.room === room;
  if (kind === "department") return message.desk === "inbox" || String(message.department ?? "") === name;
  return kind === "desk" && message.desk === name;
}

function note(list, added) {
  const n = Number(list.dataset.new ?? 0) + added;
  list.dataset.new = n;
  let shown = list.querySelector(":scope > .live-note");
  if (!shown) {
    const load = make("button", { type: "button", class: "button small", "data-shortcut": "u", onclick: reload }, words.show, make("kbd", { class: "key", "aria-hidden": "true" }, "U"));
    shown = make("div", { class: "live-note" }, make("span"), load);
    list.prepend(shown);
  }
  shown.firstElementChild.textContent = n ? newRows(n) : words.changed;
  announce(shown.firstElementChild.textContent);
}

/** The same page again, in place; filters and page are in its address. */
function reload() {
  window.htmx.ajax("GET", location.pathname + location.search, { target: "#main", swap: "outerHTML" });
}

onLive("worklist", (message) => {
  for (const list of lists()) {
    if (concerns(list.dataset.live, message) && (message.delta ?? 1) > 0) note(list, message.delta ?? 1);
  }
  refreshCounts();
});

onLive("case", (message) => {
  for (const list of lists()) {
    const mine = list.dataset.live.startsWith("case:") && list.dataset.caseNo === message.case_no;
    if (mine && message.by !== document.querySelector('meta[name="person"]')?.content) note(list, 0);
  }
});

document.addEventListener("hotline:reconnected", () => {
  for (const list of lists()) note(list, 0);
  refreshCounts();
});

function follow() {
  const wanted = [...lists()].map((list) => list.dataset.live).filter(onDemand);
  for (const room of inRooms) if (!wanted.includes(room)) leave(room);
  for (const room of wanted) if (!inRooms.includes(room)) join(room);
  inRooms = wanted;
}

document.addEventListener("htmx:load", follow);
