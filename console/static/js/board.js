// The live board: writes new values into the figures that stand there, says how old they are, draws today's curve.
// Nothing is computed here that the server has not defined: shares, seconds and counts come ready.
import { drawLines } from "./charts.js";
import { ask } from "./net.js";
import { onContent, within } from "./parts.js";
import { onLive } from "./socket.js";
import { duration, fill, running } from "./words.js";

const ASK_EVERY_MS = 15_000; // also tells the server that somebody still looks
const OLD_AFTER_S = 10;

const shown = {
  share: (value) => `${(value * 100).toFixed(1)} %`,
  seconds: (value) => running(Math.round(value)),
  total: (value) => running(Math.round(value)),
  count: (value) => Math.trunc(value).toLocaleString("en"),
};

function text(name, value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "object") return value.value === null ? "–" : shown[value.unit](value.value);
  return name === "waiting.longest" ? running(value) : shown.count(value);
}

const at = (snapshot, name) => name.split(".").reduce((found, key) => found?.[key], snapshot);

function write(board, snapshot) {
  board.dataset.boardAsOf = snapshot.as_of;
  for (const figure of board.querySelectorAll("[data-figure]")) {
    const value = at(snapshot, figure.dataset.figure);
    const place = figure.querySelector(".value");
    const next = text(figure.dataset.figure, value);
    if (place && place.textContent !== next) place.textContent = next;
    if (value?.hue) {
      figure.classList.toggle("good", value.hue === "good");
      figure.classList.toggle("late", value.hue === "late");
    }
  }
  tellAge(board);
}

function tellAge(board) {
  const place = board.querySelector("[data-board-age]");
  const age = (Date.now() - Date.parse(board.dataset.boardAsOf)) / 1000;
  const words = JSON.parse(place.dataset.words);
  const said = age < OLD_AFTER_S ? words.fresh : fill(words.old, { age: duration(age) });
  if (place.textContent !== said) place.textContent = said;
  place.classList.toggle("late", age >= OLD_AFTER_S);
}

const current = () => document.querySelector("[data-board]");

async function refresh() {
  const board = current();
  if (!board || document.hidden) return;
  try {
    write(board, await ask(board.dataset.board));
  } catch {
    tellAge(board); // the strip of the shell says that the connection is away
  }
}

onLive("board", (snapshot) => current() && write(current(), snapshot));
setInterval(refresh, ASK_EVERY_MS);
setInterval(() => current() && tellAge(current()), 5000);

// -- today's curve -------------------------------------------------------------------------------

async function draw(place) {
  const curve = await ask(place.dataset.boardChart);
  const heads = [...document.querySelectorAll("[data-board-curve] thead th")].map((cell) => cell.textContent);
  const series = ["offered", "answered", "abandoned"].map((name, n) => ({ name: heads[n + 1] ?? name, data: curve.map((row) => row[name]) }));
  await drawLines(place, curve.map((row) => row.at), series);
}

onContent((root) => within(root, "[data-board-chart]").forEach((place) => draw(place).catch(() => place.remove())));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fullscreen]");
  if (button) document.querySelector(button.dataset.fullscreen)?.requestFullscreen?.();
});
