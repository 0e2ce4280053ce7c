// One window of a browser is the telephone: a lock says which. It is let go when the window closes, reloads or dies.
const LOCK = "telephone";

/** Become the telephone. False if another window is; with `steal` that one loses it. `lost` is called if we do. */
export function own({ steal = false, lost }) {
  return new Promise((answer) => {
    const options = steal ? { steal } : { ifAvailable: true };
    navigator.locks
      .request(LOCK, options, (lock) => {
        answer(Boolean(lock));
        return lock ? new Promise((release) => (letGo = release)) : undefined;
      })
      .catch(() => {
        letGo = null;
        lost();
      });
  });
}

let letGo = null;

export function disown() {
  letGo?.();
  letGo = null;
}

/** A name of this browser by which the server tells it from another one. */
export function browserName() {
  const kept = localStorage.getItem("telephone-browser");
  const name = kept || crypto.randomUUID();
  if (!kept) localStorage.setItem("telephone-browser", name);
  return name;
}
