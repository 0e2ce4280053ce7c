// One socket per window, outside #main. It says how old the connection is, and joins its rooms again by itself.
import { io } from "../vendor/socket.io.esm.min.js";
import { duration, fill, words } from "./words.js";
import { toast } from "./toasts.js";

const BEAT_MS = 10_000;
const PATIENCE_MS = 3_000; // a blink of the network is no news
const ROOM_CLOSED_MS = 300; // the room is closed right behind the message

const signedIn = Boolean(document.querySelector('meta[name="person"]'));
const joined = new Map();
let lostAt = null;
let strip = null;

export const socket = signedIn
  ? io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000, timeout: 8000 })
  : null;

/** Run `fn(message)` on each live `event`; nothing happens on a page without a socket. */
export const onLive = (event, fn) => socket?.on(event, fn);

/** Be in a room that is joined on demand (`case:<id>`). Rooms are counted, so two parts may share one. */
export function join(room) {
  joined.set(room, (joined.get(room) ?? 0) + 1);
  if (socket?.connected && joined.get(room) === 1) socket.emit("join", room);
}

export function leave(room) {
  const left = (joined.get(room) ?? 1) - 1;
  if (left > 0) return joined.set(room, left);
  joined.delete(room);
  return socket?.connected && socket.emit("leave", room);
}

function askAgain() {
  for (const room of joined.keys()) if (socket.connected && room.startsWith("case:")) socket.emit("join", room);
}

function show(state, text) {
  const place = document.getElementById("link-state");
  if (!place) return;
  place.dataset.state = state;
  place.querySelector(".text").textContent = text;
}

async function beat() {
  if (!socket.connected) return;
  const began = performance.now();
  try {
    await socket.timeout(5000).emitWithAck("beat");
    show("on", `${words.online} ${((performance.now() - began) / 1000).toFixed(1)}s`);
  } catch {
    show("on", words.online);
  }
}

function drawStrip() {
  const place = document.getElementById("offline");
  if (!place || lostAt === null) return;
  const age = (Date.now() - lostAt) / 1000;
  if (age * 1000 < PATIENCE_MS) return;
  show("off", words.offline);
  place.querySelector(".text").textContent = fill(words.offlineFor, { d: duration(age) });
  place.hidden = false;
}

function lost() {
  if (lostAt !== null) return;
  lostAt = Date.now();
  strip = setInterval(drawStrip, 1000);
}

function found() {
  const wasShown = lostAt !== null && Date.now() - lostAt >= PATIENCE_MS;
  clearInterval(strip);
  lostAt = null;
  document.getElementById("offline")?.setAttribute("hidden", ""); // a page at the door has no strip
  for (const room of joined.keys()) socket.emit("join", room);
  beat();
  if (wasShown) {
    toast(words.backOnline, "good");
    // What was missed meanwhile is asked for by whoever shows it.
    document.dispatchEvent(new CustomEvent("hotline:reconnected"));
  }
}

if (socket) {
  socket.on("connect", found);
  // After a change everybody has left the room of a case: who may still see it stands in it again.
  socket.on("case", () => setTimeout(askAgain, ROOM_CLOSED_MS));
  socket.on("disconnect", (reason) => {
    lost();
    // The server ended it (a restart, a session that is over): the library does not come back by itself then.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
  socket.on("connect_error", (error) => {
    lost();
    // Refused by the server, not out of reach: only a new sign-in helps, but it may have been a restart.
    if (!socket.active) setTimeout(() => socket.connect(), error.message === "signed out" ? 30_000 : 5000);
  });
  setInterval(beat, BEAT_MS);
}
