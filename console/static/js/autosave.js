// data-autosave="/cases/drafts/KEY" on a form: what is typed is PUT a moment later as {data, version}; the answer is
// {version}. While it cannot be saved (no connection, signed out) it is kept in this browser, under the person's id,
// and put back when the form is next shown. Text that the server has is never kept in the browser.
import { onContent, within } from "./parts.js";
import { ask } from "./net.js";
import { toast } from "./toasts.js";
import { fill, timeOfDay, words } from "./words.js";

const WAIT_MS = 1200;
const KEEP_MS = 24 * 3600 * 1000;
const NEVER = new Set(["csrf_token", "version"]);
const forms = new Map();

const person = () => document.querySelector('meta[name="person"]')?.content ?? "";
const placeOf = (form) => `draft:${person()}:${form.dataset.autosave}`;

/** The form's fields by name; a name that occurs more than once (boxes, many-choice lists) is an array. */
function fieldsOf(form) {
  const data = {};
  for (const element of form.elements) {
    const { name, type } = element;
    if (!name || NEVER.has(name) || ["file", "password", "submit", "button", "fieldset"].includes(type)) continue;
    if (type === "radio") {
      if (element.checked) data[name] = element.value;
    } else if (type === "checkbox") {
      const alone = form.querySelectorAll(`[name="${CSS.escape(name)}"]`).length === 1;
      if (alone) data[name] = element.checked;
      else (data[name] ??= []).push(...(element.checked ? [element.value] : []));
    } else if (type === "select-multiple") data[name] = [...element.selectedOptions].map((one) => one.value);
    else data[name] = element.value;
  }
  return data;
}

/** Put `data` back into the form, telling every enhancement of it. */
function fillForm(form, data) {
  for (const element of form.elements) {
    if (!element.name || !(element.name in data) || element.type === "file") continue;
    const value = data[element.name];
    const chosen = Array.isArray(value) ? value.map(String) : null;
    if (element.type === "checkbox") element.checked = chosen ? chosen.includes(element.value) : Boolean(value);
    else if (element.type === "radio") element.checked = element.value === String(value);
    else if (element.type === "select-multiple") for (const one of element.options) one.selected = chosen?.includes(one.value) ?? false;
    else element.value = value ?? "";
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** What somebody typed before this script was there, by field: it is to be saved like what comes after. */
function typedBefore(form) {
  const typed = [...form.elements].filter((one) => one.name && one.type !== "file" && !NEVER.has(one.name) && "defaultValue" in one);
  return Object.fromEntries(typed.filter((one) => one.value !== one.defaultValue).map((one) => [one.name, one.value]));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.version = Number(form.dataset.autosaveVersion ?? 0);
    this.timer = null;
    this.sending = false;
    this.restoring = false;
    this.early = typedBefore(form);
    const untouched = Object.keys(this.early).length === 0;
    this.last = untouched ? JSON.stringify(fieldsOf(form)) : null;
    if (!untouched) this.later();
  }

  restore() {
    const kept = JSON.parse(localStorage.getItem(placeOf(this.form)));
    if (!kept) return;
    this.restoring = true;
    fillForm(this.form, { ...kept.data, ...this.early });
    this.restoring = false;
    if (JSON.stringify(fieldsOf(this.form)) === this.last) return void localStorage.removeItem(placeOf(this.form)); // it arrived after all
    toast(words.restored, "good");
    this.later();
  }

  touched() {
    if (!this.restoring) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT_MS);
  }

  async save({ leaving = false } = {}) {
    clearTimeout(this.timer);
    this.timer = null;
    const data = fieldsOf(this.form);
    const text = JSON.stringify(data);
    if (text === this.last || this.ended) return;
    if (this.sending && !leaving) return void this.later();
    this.sending = true;
    if (leaving) this.keep(data); // the page may be gone before the answer is here
    this.say(words.saving);
    try {
      const answer = await ask(this.form.dataset.autosave, { method: "PUT", body: { data, version: this.version }, keepalive: leaving });
      this.version = answer?.version ?? this.version + 1;
      this.last = text;
      localStorage.removeItem(placeOf(this.form));
      this.say(fill(words.saved, { t: timeOfDay(new Date()) }));
    } catch (refusal) {
      this.keep(data);
      this.told(refusal);
    } finally {
      this.sending = false;
    }
  }

  told(refusal) {
    if (refusal.status === 401) this.say(words.keptHere, "failed");
    else if (refusal.status === 409) {
      this.version = refusal.body?.version ?? this.version;
      this.say(refusal.message || words.conflict, "failed");
    } else {
      this.say(refusal.status ? refusal.message || words.keptHere : words.keptHere, "failed");
      if (refusal.status === 0 || refusal.status >= 500) this.timer = setTimeout(() => this.save(), 5000);
    }
  }

  keep(data) {
    try {
      localStorage.setItem(placeOf(this.form), JSON.stringify({ at: Date.now(), data }));
    } catch {
      // Storage is full or forbidden: the words beside the form say that it is not saved.
    }
  }

  say(text, state = "") {
    const place = this.form.querySelector("[data-saved]") ?? document.querySelector(`[data-saved="${this.form.id}"]`);
    if (!place) return;
    place.textContent = text;
    place.dataset.state = state;
  }

  /** The form was sent for good: nothing of it is to come back. */
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    localStorage.removeItem(placeOf(this.form));
  }
}

/** What nobody came back for within a day is not ours to keep. */
function forgetOld() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("draft:"))) {
    const at = JSON.parse(localStorage.getItem(key))?.at ?? 0;
    if (Date.now() - at > KEEP_MS) localStorage.removeItem(key);
  }
}
forgetOld();

onContent((root) => {
  for (const [form] of forms) if (!form.isConnected) forms.delete(form);
  for (const form of within(root, "form[data-autosave]")) {
    if (forms.has(form)) continue;
    const draft = new Draft(form);
    forms.set(form, draft);
    draft.restore();
  }
});

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => forms.get(event.target.form ?? event.target.closest?.("form"))?.touched());
}

/** Save what is not saved yet: before the page is left, or at once when a call must be shown. */
export async function saveAll(options) {
  await Promise.all([...forms.values()].map((draft) => (draft.timer ? draft.save(options) : null)));
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "main") saveAll({ leaving: true });
});
document.addEventListener("visibilitychange", () => document.hidden && saveAll({ leaving: true }));
document.addEventListener("hotline:reconnected", () => {
  for (const draft of forms.values()) draft.save();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const draft = forms.get(event.detail.elt);
  if (draft) draft.ended = true; // a save that overtakes the deed would bring the draft back
});
document.addEventListener("htmx:afterRequest", (event) => {
  const draft = forms.get(event.detail.elt);
  if (!draft) return;
  const status = event.detail.xhr?.status ?? 0;
  if (status >= 200 && status < 400) draft.end();
  else {
    draft.ended = false;
    draft.keep(fieldsOf(draft.form)); // kept until it is saved again: a session that ended loses no typing
    draft.later();
  }
});
