// Grids by keyboard: j and k move, Enter opens, x chooses; the place is kept when the rows are loaded anew.
import { takesText, visible, visit } from "./parts.js";
import { lettersAreKeys } from "./shortcuts.js";

let keptKey;

const rows = () => {
  const grid = [...document.querySelectorAll("#main .grid:has(tr[data-href], tr[data-key])")].find(visible);
  return grid ? [...grid.querySelectorAll("tbody tr[data-href], tbody tr[data-key]")].filter(visible) : [];
};
const current = () => document.querySelector("#main .grid tr.current");

/** Make `row` the current one. */
export function mark(row, focus = true) {
  current()?.classList.remove("current");
  if (!row) return;
  row.classList.add("current");
  row.tabIndex = -1;
  keptKey = row.dataset.key;
  if (focus) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  mark(all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))]);
}

function open(row) {
  if (row.hasAttribute("hx-get")) window.htmx.trigger(row, "open");
  const link = row.querySelector("a[href]");
  if (link && (!row.dataset.href || link.getAttribute("href") === row.dataset.href)) link.click();
  else if (row.dataset.href) visit(row.dataset.href);
}

document.addEventListener("keydown", (event) => {
  if (!lettersAreKeys(event)) return;
  const deed = {
    j: () => step(1),
    k: () => step(-1),
    Enter: () => event.target.closest("tr.current") && open(event.target.closest("tr.current")),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
  }[event.key];
  if (!deed || !rows().length || (event.key === "Enter" && !event.target.matches("tr.current"))) return;
  event.preventDefault();
  deed();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest(".grid tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(window.getSelection())) return;
  mark(row, false);
  open(row);
});

document.addEventListener("change", (event) => {
  const row = event.target.matches?.(".grid tbody input[type=checkbox]") && event.target.closest("tr");
  if (row) row.classList.toggle("chosen", event.target.checked);
});

document.addEventListener("htmx:afterSettle", () => {
  if (!keptKey || current()) return;
  const row = rows().find((one) => one.dataset.key === keptKey);
  if (row) mark(row, document.activeElement === document.body || (document.activeElement?.id === "main" && !takesText(document.activeElement)));
});
