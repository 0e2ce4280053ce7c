// Requests to our own server: with the CSRF token, with errors that carry the server's sentence.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** What the server refused; `message` is its sentence, `status` 0 where it was not reached. */
class Refusal extends Error {
  constructor(status, message, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** Send JSON, get JSON (null for an empty answer). */
export async function ask(url, { method = "GET", body, keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      keepalive,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": token(),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, "");
  }
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const told = isJson ? await response.json() : null;
  // A session that has ended is redirected to sign-in by some routes: that is a refusal too, not an answer.
  if (!response.ok || response.redirected) {
    const status = response.ok ? 401 : response.status;
    if (status === 401) document.dispatchEvent(new CustomEvent("hotline:signed-out"));
    throw new Refusal(status, told?.detail ?? "", told);
  }
  return told;
}
