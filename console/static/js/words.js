// Words of the reader's language, put into the page by console/wording.py.
const said = document.querySelector('meta[name="words"]');
export const words = said ? JSON.parse(said.content) : {};

/** `fill("saved {t}", {t: "10:42"})` */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const counted = (pair, n) => pair[n === 1 ? 0 : 1].replace(/\d+/, n);

/** Seconds in their two largest units, exactly as the server's filter `duration` writes them. */
export function duration(seconds) {
  let left = Math.trunc(Math.abs(seconds));
  const parts = [];
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const n = Math.trunc(left / size);
    left -= n * size;
    if (n) parts.push(counted(words[unit], n));
  }
  return (parts.length ? parts : [counted(words.second, left)]).slice(0, 2).join(" ");
}

/** `newRows(3)` → "3 new" */
export const newRows = (n) => counted(words.newRows, n);

const two = (n) => String(n).padStart(2, "0");

/** Seconds as a running clock: `02:31`, `1:02:31`. */
export function running(seconds) {
  const all = Math.max(0, Math.trunc(seconds));
  const [h, m, s] = [Math.trunc(all / 3600), Math.trunc(all / 60) % 60, all % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** A moment as `10:42:07` by the city's clock, as the server writes all times, wherever the browser thinks it is. */
export const timeOfDay = (date) => date.toLocaleTimeString("en-GB", { timeZone: words.zone });
