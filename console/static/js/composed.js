// A word that an input method composes: its letters are no question yet, and the word is one as soon as it stands there.
const ASKING = "[hx-trigger^=input]";

document.addEventListener("input", (event) => {
  if (event.isComposing && event.target.matches(ASKING)) event.stopPropagation();
}, true);

// Some browsers tell of the last change only while they still compose, and of nothing afterwards.
document.addEventListener("compositionend", ({ target }) => target.dispatchEvent(new Event("input", { bubbles: true })));
