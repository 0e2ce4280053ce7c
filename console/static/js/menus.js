// Menus are popovers of the platform; this puts them beside their button and lets the arrows walk in them.
import { visible } from "./parts.js";

const GAP = 4;

document.addEventListener("beforetoggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.classList.contains("menu")) return;
  const opener = [...document.querySelectorAll(`[popovertarget="${menu.id}"], [data-opens="${menu.id}"]`)].find(visible);
  const at = opener?.getBoundingClientRect();
  if (!at) return;
  menu.style.top = `${at.bottom + GAP}px`;
  const fromRight = at.left > window.innerWidth / 2;
  menu.style.left = fromRight ? "auto" : `${Math.max(GAP, at.left)}px`;
  menu.style.right = fromRight ? `${Math.max(GAP, window.innerWidth - at.right)}px` : "auto";
  requestAnimationFrame(() => keepInside(menu)); // how wide it is is known when it is there
}, true);

/** A menu that is wider than the room at its button's side stands at the window's edge. */
function keepInside(menu) {
  const { left, right } = menu.getBoundingClientRect();
  if (left < GAP) Object.assign(menu.style, { left: `${GAP}px`, right: "auto" });
  else if (right > window.innerWidth - GAP) Object.assign(menu.style, { left: "auto", right: `${GAP}px` });
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu") ?? (event.target.matches?.("[popovertarget]") ? document.querySelector(".menu:popover-open") : null);
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("a, button")].filter(visible);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  event.preventDefault();
  items.at(next >= items.length ? 0 : next)?.focus();
});

// What was chosen in a menu closes it, but for keys that are pressed one after the other.
document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu a, .menu button:not([data-stays])")?.closest(":popover-open");
  menu?.hidePopover();
});

// Where the head has no room for all pages, those that wrapped out of sight are left to the menu of all pages.
const head = document.querySelector(".head:has(.nav)");
if (head) {
  const nav = head.querySelector(".nav");
  const links = [...nav.children];
  const room = new ResizeObserver(() => {
    for (const link of links) link.inert = link.offsetTop > links[0].offsetTop;
    head.classList.toggle("is-crowded", links.some((link) => link.inert));
  });
  for (const one of [nav, ...links]) room.observe(one); // a count that appears makes its link wider
}
