// <select data-combobox>: a field to type in that filters the options. The select itself stays and is what is sent.
// Pattern: ARIA combobox with a listbox; many choices (multiple) stand above the field and are removed by their button.
// Enter takes the option that is pointed at; so does Tab, of what was typed, for who types looks for one to go on with.
import { composing, icon, make, onContent, within } from "./parts.js";
import { fill, words } from "./words.js";

const MOST = 60;
let number = 0;

const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

class Combobox {
  constructor(select) {
    number += 1;
    this.select = select;
    this.many = select.multiple;
    this.id = `combobox-${number}`;
    this.build();
    this.showChoice();
    select.addEventListener("change", () => this.own || this.showChoice());
    select.form?.addEventListener("reset", () => setTimeout(() => this.showChoice()));
  }

  build() {
    const { select } = this;
    const label = select.labels?.[0];
    this.input = make("input", {
      type: "text", id: `${this.id}-input`, class: "input", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${this.id}-list`,
      "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
      "aria-label": label ? null : select.getAttribute("aria-label"), placeholder: words.choose,
    });
    this.input.disabled = select.disabled;
    if (label) label.htmlFor = this.input.id;
    this.list = make("ul", { id: `${this.id}-list`, role: "listbox", hidden: true, "aria-label": label?.textContent.trim() ?? select.getAttribute("aria-label") });
    this.chosen = make("div", { class: "chosen" });
    this.box = make("div", { class: "combobox" }, this.many ? this.chosen : null, this.input, icon("down"), this.list);
    select.after(this.box);
    select.hidden = true;
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("click", () => this.list.hidden && this.open(""));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 100));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the field
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  options() {
    return [...this.select.options].filter((one) => !one.disabled && (one.value !== "" || !this.many));
  }

  open(text) {
    const wanted = plain(text);
    this.typed = Boolean(wanted);
    const found = this.options().filter((one) => !wanted || plain(`${one.text} ${one.dataset.keywords ?? ""} ${one.value}`).includes(wanted));
    this.list.replaceChildren(...found.slice(0, MOST).map((one, at) => this.row(one, at)));
    if (!found.length) this.list.append(make("li", { class: "nothing", role: "presentation" }, words.nothingFound));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    const chosen = found.slice(0, MOST).findIndex((one) => one.selected && !this.many);
    this.point(wanted ? 0 : Math.max(0, chosen));
  }

  row(option, at) {
    const group = option.parentElement.label;
    const row = make("li", { role: "option", id: `${this.id}-${at}`, "aria-selected": String(option.selected) },
      group ? make("span", { class: "muted" }, `${group} › `) : null, option.text || "–");
    row.option = option;
    return row;
  }

  rows() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  point(at) {
    const rows = this.rows();
    this.at = Math.min(rows.length - 1, Math.max(0, at));
    for (const [n, row] of rows.entries()) row.classList.toggle("current", n === this.at);
    if (rows[this.at]) {
      this.input.setAttribute("aria-activedescendant", rows[this.at].id);
      rows[this.at].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (composing(event)) return; // Enter ends the composition, it does not choose
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.open("");
      else this.point(this.at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      this.choose(this.rows()[this.at]);
    } else if (event.key === "Tab" && isOpen && this.typed && !this.many) {
      this.choose(this.rows()[this.at]); // and the focus goes on
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.showChoice();
    } else if (event.key === "Backspace" && this.many && !this.input.value) {
      const last = [...this.select.selectedOptions].at(-1);
      if (last) this.set(last, false);
    }
  }

  choose(row) {
    if (!row) return;
    if (this.many) this.set(row.option, !row.option.selected);
    else {
      this.select.value = row.option.value;
      this.tell();
    }
    this.close();
    this.showChoice();
  }

  set(option, on) {
    option.selected = on;
    this.tell();
    this.showChoice();
  }

  tell() {
    this.own = true;
    for (const name of ["input", "change"]) this.select.dispatchEvent(new Event(name, { bubbles: true }));
    this.own = false;
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  leave() {
    if (document.activeElement === this.input) return;
    // Emptied by hand means none, where there is a none.
    if (!this.many && !this.input.value.trim() && this.select.value && this.select.querySelector('option[value=""]')) {
      this.select.value = "";
      this.tell();
    }
    this.close();
    this.showChoice();
  }

  showChoice() {
    const selected = [...this.select.selectedOptions].filter((one) => one.value !== "");
    if (!this.many) {
      const group = selected[0]?.parentElement.label;
      this.input.value = selected[0] ? (group ? `${group} › ` : "") + selected[0].text : "";
      return;
    }
    this.input.value = "";
    this.chosen.replaceChildren(...selected.map((one) =>
      make("button", { type: "button", "aria-label": fill(words.remove, { n: one.text }), onclick: () => { this.set(one, false); this.input.focus(); } }, one.text, icon("close"))));
  }
}

onContent((root) => {
  for (const select of within(root, "select[data-combobox]")) {
    if (!select.hidden) new Combobox(select);
  }
});
