// The floor: rows are written anew in place, never moved. The socket only says which seats are old; what they show is
// asked for, so that words, rights and masks are the reader's own.
import { mark } from "./grid.js";
import { ask } from "./net.js";
import { drawn, announce, onContent, within } from "./parts.js";
import { chime } from "./sound.js";
import { onLive } from "./socket.js";
import { toast } from "./toasts.js";
import { fill, words } from "./words.js";

const TOGETHER_MS = 300; // what happens within this is asked for at once
const AT_MOST_EVERY_MS = 1000;
const LOOK_AROUND_MS = 15_000;

const floor = () => document.querySelector("[data-floor]");
const body = () => floor()?.querySelector("[data-floor-seats]");
const shown = new WeakMap(); // row → the HTML it was drawn from
let old = new Set();
let around = false;
let waiting = null;
let asking = false;
let last = 0;

function soon() {
  if (waiting || asking || !floor()) return;
  waiting = setTimeout(refresh, Math.max(TOGETHER_MS, last + AT_MOST_EVERY_MS - Date.now()));
}

function seatsOf({ agent_id: agent, seat }) {
  const rows = [...(body()?.rows ?? [])];
  return rows.filter((row) => (agent && row.dataset.agent === String(agent)) || (seat && row.dataset.seat === seat));
}

function stale(message) {
  for (const row of seatsOf(message)) old.add(row.dataset.key);
  around = true;
  soon();
}

async function refresh() {
  waiting = null;
  const place = floor();
  if (!place || document.hidden) return;
  const seats = [...old];
  [old, around, asking, last] = [new Set(), false, true, Date.now()];
  try {
    const filters = new URLSearchParams(location.search);
    filters.set("seats", seats.join(","));
    const news = await ask(`${place.dataset.floor}?${filters}`);
    if (floor() === place) show(place, news);
  } catch {
    for (const seat of seats) old.add(seat); // the strip of the shell says that the connection is away
  }
  asking = false;
  if (old.size || around) soon();
}

function show(place, news) {
  for (const [id, html] of Object.entries(news.seats)) {
    const row = body()?.querySelector(`tr[data-key="${id}"]`);
    if (row && html) redraw(row, html);
  }
  for (const name of ["help", "queues", "counts"]) {
    const part = place.querySelector(`[data-floor-part="${name}"]`);
    if (shown.get(part) === news[name] || part.contains(document.activeElement)) continue;
    shown.set(part, news[name]);
    part.replaceChildren(...drawn(news[name]).childNodes);
    window.htmx.process(part);
  }
  drawStates();
  drawActions();
}

function redraw(row, html) {
  if (shown.get(row) === html) return;
  shown.set(row, html);
  const next = drawn(`<table>${html}</table>`).querySelector("tr");
  for (const name of row.getAttributeNames()) if (name.startsWith("data-") && !next.hasAttribute(name)) row.removeAttribute(name);
  for (const name of next.getAttributeNames()) if (name !== "class") row.setAttribute(name, next.getAttribute(name));
  row.classList.toggle("asks", next.classList.contains("asks"));
  const focused = row.contains(document.activeElement) && document.activeElement !== row;
  row.replaceChildren(...next.children);
  if (focused) row.focus({ preventScroll: true });
  window.htmx.process(row);
}

// -- the filter by state: rows come and go only while no hand is on the table

const underHand = () => body()?.matches(":hover") || body()?.contains(document.activeElement);

function matches(row, wanted) {
  if (wanted === "all") return true;
  return wanted === "" ? row.dataset.state !== "empty" : row.dataset.state === wanted;
}

function drawStates() {
  const table = body();
  if (!table) return;
  const wanted = floor().dataset.stateFilter;
  let left = 0;
  for (const row of table.rows) {
    const fits = matches(row, wanted);
    row.classList.toggle("gone", !fits);
    if (!underHand()) row.hidden = !fits;
    if (!row.hidden) left += 1;
  }
  const none = floor().querySelector("[data-floor-none]");
  if (none) none.hidden = left > 0;
}

document.addEventListener("pointerout", (event) => {
  if (event.target.closest?.("[data-floor-seats]") && !event.relatedTarget?.closest?.("[data-floor-seats]")) drawStates();
});
document.addEventListener("focusout", (event) => event.target.closest?.("[data-floor-seats]") && setTimeout(drawStates));

// -- breaks over their time

function markOver() {
  for (const row of body()?.querySelectorAll("tr[data-over]") ?? []) row.classList.toggle("over", Date.parse(row.dataset.over) <= Date.now());
  for (const row of body()?.querySelectorAll("tr.over:not([data-over])") ?? []) row.classList.remove("over");
}
setInterval(markOver, 1000);
onLive("break:over", (message) => {
  if (!floor() || !seatsOf(message).length) return;
  toast(fill(words.floor.breakOver, { n: message.agent }), "waiting");
  stale(message);
});

onLive("seat:aside", (message) => {
  if (!floor() || !seatsOf(message).length) return;
  toast(fill(words.floor.seatAside, { s: message.seat, n: message.agent }), "late");
  stale(message);
});

// -- the chosen seat and what may be done there

const chosen = () => body()?.querySelector("tr.current");

function drawActions() {
  const bar = floor()?.querySelector("[data-floor-actions]");
  if (!bar) return;
  const row = chosen();
  bar.hidden = !row?.dataset.agent;
  if (bar.hidden) return;
  bar.querySelector("[data-floor-chosen]").textContent = `${row.dataset.seat} ${row.dataset.name}`;
  const may = row.dataset.may.split(" ");
  for (const button of bar.querySelectorAll("[data-deed]")) {
    const can = may.includes(button.dataset.deed);
    if (can) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
    button.title = can ? "" : button.dataset.whyNot;
  }
}

async function lead(deed, row) {
  try {
    await ask(`/floor/agents/${row.dataset.agent}/${deed.replace("_", "-")}`, { method: "POST", body: {} });
    stale({ agent_id: row.dataset.agent });
  } catch (refusal) {
    if (refusal.status !== 401) toast(refusal.message || words.failed, "waiting");
  }
}

function writeTo(row) {
  const dialog = document.getElementById("floor-message");
  dialog.querySelector("[data-floor-message-to]").textContent = `${row.dataset.seat} ${row.dataset.name}`;
  dialog.dataset.agent = row.dataset.agent;
  dialog.showModal();
  dialog.querySelector("[name=words]").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-floor-actions] [data-deed]");
  const row = chosen();
  if (button && row) {
    const { deed } = button.dataset;
    if (["monitor", "whisper", "barge"].includes(deed)) document.dispatchEvent(new CustomEvent("call:listen", { detail: { callNo: row.dataset.callNo, mode: deed } }));
    else if (deed === "take_over") document.dispatchEvent(new CustomEvent("call:take-over", { detail: { callNo: row.dataset.callNo } }));
    else if (deed === "message") writeTo(row);
    else lead(deed, row);
    return;
  }
  const pressed = event.target.closest("[data-floor-seats] tr");
  if (pressed && !event.target.closest("a, button") && !String(window.getSelection())) mark(pressed);
  drawActions();
});
document.addEventListener("focusin", (event) => event.target.closest?.("[data-floor-seats]") && drawActions());

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-floor-message]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  const dialog = form.closest("dialog");
  try {
    await ask(`/floor/agents/${dialog.dataset.agent}/message`, { method: "POST", body: { words: form.elements.words.value } });
    form.reset();
    dialog.close();
    toast(form.dataset.sentWords, "good");
  } catch (refusal) {
    if (refusal.status !== 401) toast(refusal.message || words.failed, "waiting");
  }
}, true);

// -- what is told

onLive("seat", stale);
onLive("trunk", () => stale({}));
onLive("call", () => {
  around = true;
  soon();
});
onLive("call:help", (message) => {
  if (floor() && message.asked) {
    chime();
    announce(fill(words.call.asksForHelp, { n: message.agent }), true);
  }
  stale(message);
});
setInterval(() => floor() && soon(), LOOK_AROUND_MS);
document.addEventListener("hotline:reconnected", () => {
  for (const row of body()?.rows ?? []) old.add(row.dataset.key);
  soon();
});
document.addEventListener("visibilitychange", () => document.hidden || soon());
onContent((root) => {
  if (!within(root, "[data-floor]").length) return;
  drawStates();
  markOver();
});
