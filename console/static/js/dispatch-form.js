// Forms of cases: Enter goes on, Ctrl+Enter sends, a panel that opens takes the focus, a summary of errors leads to its fields,
// a street knows its district, a category its urgency.
import { saveAll } from "./autosave.js";
import { composing, onContent, visible, within } from "./parts.js";

const FIELDS = "input:not([type=hidden], [hidden]), select, textarea";

/** The control a person can reach: of a select that types, its text field. */
const reachable = (field) => (field?.matches("select[data-combobox]") ? field.nextElementSibling?.querySelector("input") : field);

function fieldOf(id) {
  const field = document.getElementById(id);
  if (field?.matches(FIELDS)) return reachable(field);
  const place = document.getElementById(`${id}-field`) ?? field;
  return place && [...place.querySelectorAll(FIELDS)].map(reachable).find((one) => one && visible(one));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('.error-summary a[href^="#"]');
  const field = link && fieldOf(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  event.stopPropagation();
  field.closest("details")?.setAttribute("open", "");
  field.focus();
}, true);

function begin(panel) {
  const form = panel.querySelector("form");
  if (!form) return;
  const start = form.querySelector("[data-focus]") ?? [...form.querySelectorAll(FIELDS)].map(reachable).find((one) => one && visible(one) && one.type !== "file");
  const chosen = start?.type === "radio" && form.querySelector(`[name="${CSS.escape(start.name)}"]:checked`);
  (chosen || start || form.querySelector("[data-main]"))?.focus();
  form.scrollIntoView({ block: "nearest" });
  panel.scrollTop = 0;
}

document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (["action-panel", "bulk-panel"].includes(target?.id)) begin(target);
  if (target?.matches?.("form.case-form, .registered") || event.detail.elt?.matches?.(".registered")) {
    document.querySelector(".registered [data-focus], form.case-form [data-focus]")?.focus();
  }
});

// In the form of a case Enter leads to the next field: a case is not registered because a line was ended.
document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || composing(event)) return;
  if (!target.matches?.("form[data-case-form] input:not([type=file])")) return;
  event.preventDefault();
  const fields = [...target.form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter(
    (one) => visible(one) && one.tabIndex >= 0 && (one.type !== "radio" || one.checked));
  // of radio buttons of one name only the chosen one is a stop
  const after = fields.filter((one) => target.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING && one.name !== (target.name || null));
  after[0]?.focus();
});

// Ctrl+Enter sends the form one is in, else the panel that is open.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
  const form = event.target.closest?.("form[data-keyed]") ?? document.querySelector("#action-panel form[data-keyed]");
  if (!form) return;
  event.preventDefault();
  form.querySelector("[data-main]")?.click();
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-clear]");
  if (clear) {
    const panel = document.querySelector(clear.dataset.clear);
    panel?.replaceChildren();
    document.querySelector(".action-bar .button:not([aria-disabled])")?.focus();
  }
  const put = event.target.closest("[data-put]");
  const field = put && put.closest("form")?.elements[put.dataset.into];
  if (field) {
    field.value = field.value && put.dataset.into === "advice" ? `${field.value} ${put.dataset.put}` : put.dataset.put;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
  if (event.target.closest("[data-save-draft]")) saveAll();
  const asksAnswer = event.target.closest("button[data-answer]");
  if (asksAnswer && !asksAnswer.form.elements.answer.value.trim()) {
    // The words that were said are needed: their field opens instead of an error.
    event.preventDefault();
    asksAnswer.form.elements.answer.closest("details")?.setAttribute("open", "");
    asksAnswer.form.elements.answer.focus();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.target.closest?.("dialog, [popover]")) return;
  const close = document.querySelector("#action-panel [data-clear]");
  if (close && !event.target.matches?.("input, textarea, select")) close.click();
});

// -- places: a district narrows its streets, a street sets its district

const LEVELS = ["district_code", "street_code", "community_code"];

function narrow(form) {
  LEVELS.slice(1).forEach((name, at) => {
    const above = form.elements[LEVELS[at]];
    const select = form.elements[name];
    if (!above || !select) return;
    const highest = at === 1 && !above.value ? form.elements.district_code.value : "";
    for (const option of select.options) {
      const { parent } = option.dataset;
      option.disabled = Boolean(parent) && Boolean(above.value || highest) && !parent.startsWith(above.value || highest);
    }
    if (select.selectedOptions[0]?.disabled) set(select, "");
  });
}

function set(select, value) {
  if (select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const { form, name } = event.target;
  if (!form?.matches("[data-case-form]")) return;
  const at = LEVELS.indexOf(name);
  if (at >= 0) {
    const parent = event.target.selectedOptions[0]?.dataset.parent;
    if (at > 0 && parent) set(form.elements[LEVELS[at - 1]], parent);
    narrow(form);
  }
  if (name === "urgency" && event.isTrusted) form.dataset.urgencyChosen = "1";
  if (name === "category_code" && !form.dataset.urgencyChosen) {
    const usual = event.target.selectedOptions[0]?.dataset.urgency;
    const radio = usual && form.querySelector(`[name="urgency"][value="${CSS.escape(usual)}"]`);
    if (radio) radio.checked = true;
  }
});

onContent((root) => {
  const [summary] = within(root, ".error-summary[data-focus]");
  if (summary) setTimeout(() => summary.focus(), 50); // after htmx has given the focus back to the field it was in
  for (const form of within(root, "form[data-case-form]")) narrow(form);
  const panel = document.querySelector("#action-panel");
  if (panel && (root.id === "main" || root === document.body) && panel.querySelector("form")) setTimeout(() => begin(panel));
});
