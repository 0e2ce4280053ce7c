// Shared by the modules: run on new content, make elements, know whether a person is typing.

/** Run `fn(root)` on the page and on everything htmx puts into it later. */
export function onContent(fn) {
  document.addEventListener("htmx:load", (event) => fn(event.target));
}

/** All elements in `root`, and `root` itself, that match. */
export const within = (root, selector) => [
  ...(root.matches?.(selector) ? [root] : []),
  ...root.querySelectorAll(selector),
];

/** An element with attributes and children; `on…` are listeners, `class` is the class. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Whether what has the focus takes letters, so that a letter must not be a command. */
export function takesText(element) {
  if (!element) return false;
  if (element.isContentEditable || element.matches("textarea, select, [role=combobox], [role=listbox]")) return true;
  return element.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

/** Whether an input method is composing: its keys are not ours. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

export const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

/** Go to a page of ours as a link would: only #main is swapped. */
export function visit(url) {
  const link = make("a", { href: url, hidden: true, "hx-boost": "true" });
  document.body.append(link);
  window.htmx.process(link);
  link.click();
  setTimeout(() => link.remove(), 15000);
}

/** The body of what the server drew; rows want their table around them. */
export const drawn = (html) => new DOMParser().parseFromString(html, "text/html").body;

/** Say it to screen readers; `loud` interrupts. */
export function announce(text, loud = false) {
  const region = document.getElementById(loud ? "alarm" : "announce");
  if (region) region.textContent = text;
}
