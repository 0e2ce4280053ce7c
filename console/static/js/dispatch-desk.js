// Worklists: where the window is wide the case stands beside its list; chosen rows show the bulk bar.
import { onContent, within } from "./parts.js";
import { fill } from "./words.js";

const WAIT_MS = 160;
const wide = window.matchMedia("(min-width: 100rem)");
const rowOf = (target) => target.closest?.(".worklist tbody tr[data-beside]");
let shown = "";
let timer;

function show(row) {
  clearTimeout(timer);
  for (const one of row.parentElement.querySelectorAll("tr.current")) one.classList.remove("current");
  row.classList.add("current");
  if (shown === row.dataset.key) return;
  shown = row.dataset.key;
  window.htmx.ajax("GET", row.dataset.beside, { source: row, target: "#detail", swap: "innerHTML" });
}

// A press on the row shows the case beside it; a press on its number opens the page. Before grid.js hears of it.
document.addEventListener("click", (event) => {
  const row = rowOf(event.target);
  if (!row || !wide.matches || event.target.closest("a, button, input, label, form") || String(window.getSelection())) return;
  event.stopPropagation();
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  show(row);
}, true);

// j and k put the focus on a row: who runs through the list is not shown every case they pass.
document.addEventListener("focusin", (event) => {
  const row = rowOf(event.target);
  if (!row || event.target !== row || !wide.matches) return;
  clearTimeout(timer);
  timer = setTimeout(() => row.isConnected && show(row), WAIT_MS);
});

// -- choosing many

const boxes = () => [...document.querySelectorAll('.worklist tbody input[name="case"]')];

function count() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const n = boxes().filter((box) => box.checked).length;
  bar.hidden = !n;
  const said = bar.querySelector("[data-bulk-count]");
  said.textContent = n === 1 ? said.dataset.one : fill(said.dataset.many, { n });
  if (!n) bar.querySelector("#bulk-panel").replaceChildren();
}

document.addEventListener("change", (event) => {
  if (event.target.matches('.worklist input[type="checkbox"]')) setTimeout(count);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-choose-none]")) return;
  for (const box of boxes()) if (box.checked) box.click();
  count();
});

onContent((root) => {
  if (!within(root, ".worklist").length) return;
  shown = document.querySelector("#detail [data-case-no]")?.dataset.caseNo ?? "";
  count();
});
