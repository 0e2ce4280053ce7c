// Knowledge beside a case, on the workbench and on the case's page: the panel follows what is typed, and its answer goes
// into the field of the answer.
import { ask } from "./net.js";
import { composing, onContent, within } from "./parts.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const WAIT_MS = 450;
const LONGEST = 60;
const ANSWERING = ["write_reply", "answer_on_the_spot"];
const bench = () => document.querySelector("[data-bench]");
let timer;
let asked = "";

/** Ask the panel for `text`, unless it shows that already. */
function seek(text) {
  const field = bench()?.querySelector("[data-knowledge-query]");
  if (!field || !text || text === asked) return;
  asked = text;
  field.value = text;
  window.htmx.trigger(field, "seek");
}

function followed(form) {
  const value = (name) => form.elements[name]?.value?.trim() ?? "";
  return (value("title") || value("content")).slice(0, LONGEST);
}

document.addEventListener("input", (event) => {
  const { target } = event;
  if (!bench()?.contains(target) || composing(event)) return;
  if (target.matches("[data-knowledge-query]")) {
    asked = target.value.trim();
    return;
  }
  if (!["title", "content"].includes(target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(() => seek(followed(target.form)), WAIT_MS);
});

document.addEventListener("click", (event) => {
  const about = event.target.closest("[data-knowledge-seek]");
  if (about) seek(about.dataset.knowledgeSeek);
});

/** What knowledge is used for: the case of the page, or the one being typed, by the key its registration will have. */
function subjectOf(form) {
  const key = form.elements.intake_key?.value;
  if (key) return `intake:${key}`;
  return bench().dataset.caseNo ? `case:${bench().dataset.caseNo}` : "";
}

/** Where an answer goes: the form that is open, else that of the case's reply, which is opened. */
async function answerForm() {
  const open = bench()?.querySelector("form[data-case-form], #action-form") ?? bench()?.querySelector("[data-case] form");
  if (open) return open;
  const button = ANSWERING.map((action) => bench()?.querySelector(`[data-action="${action}"]`)).find(Boolean);
  if (!button) return null;
  await window.htmx.ajax("GET", button.getAttribute("hx-get"), { target: "#action-panel", swap: "innerHTML" });
  return bench().querySelector("#action-form");
}

// A link to the public page: the dialog asks for the citizen's consent; the server knows the number.
document.addEventListener("knowledge:send", async (event) => {
  const dialog = document.getElementById("send-link");
  const form = bench()?.querySelector("form[data-case-form]");
  if (!dialog) return;
  const { itemId, search, rank } = event.detail;
  const told = { item: itemId, search, rank, call: bench().dataset.callNo, case: bench().dataset.caseNo, intake: form?.elements.intake_key?.value };
  const given = new URLSearchParams(Object.entries(told).filter(([, value]) => value));
  await window.htmx.ajax("GET", `/cases/knowledge-link?${given}`, { target: "#send-link-body", swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
});

// An item's answer, with its source, into the answer field of the form beside it. The use is recorded with the item.
document.addEventListener("knowledge:insert", async (event) => {
  const { where, itemId, title, answer, source, search, rank, passage, bare } = event.detail;
  const form = await answerForm();
  const field = form && (form.elements.public_text ?? form.elements.answer ?? form.querySelector(form.id === "action-form" ? "textarea" : "[data-answer]"));
  if (!field) return toast(words.noAnswerField, "waiting");
  const cited = bare ? (answer ?? "").trim() : `${(answer ?? "").trim()}\n（${source || title}）`;
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n\n${cited}` : cited;
  field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  const sources = form.elements.knowledge_ids;
  if (sources && itemId && !sources.value.split(",").includes(String(itemId))) sources.value = [sources.value, itemId].filter(Boolean).join(",");
  ask(where, { method: "POST", body: { kind: "inserted", search, rank, passage, subject: subjectOf(form) } })
    .then((told) => told?.message && toast(told.message, "late"))
    .catch(() => {}); // a count that is lost harms nobody
});

onContent((root) => {
  if (within(root, "[data-bench]").length) asked = "";
});
