// A table that a worker has written: where it can be fetched.
import { make } from "./parts.js";
import { onLive } from "./socket.js";
import { toast } from "./toasts.js";
import { fill, words } from "./words.js";

onLive("export:ready", ({ href, rows }) => {
  const shown = toast(fill(words.exportReady, { n: rows }), "waiting");
  shown?.querySelector(".grow").append(" ", make("a", { href, download: true, "hx-boost": "false" }, words.fetch));
});
