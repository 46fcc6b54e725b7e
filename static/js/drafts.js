// Copies of unsent texts, in this browser and on the server. A local record is {value, origin, at, sent, onServer} by
// person, page and field, for KEEP_DAYS; storage may be full or forbidden. The server knows them by page and field.
const PREFIX = "draft:";
const KEEP_DAYS = 60;
const PATIENCE_MS = 10000;
const person = document.body.dataset.person ?? "";
const address = document.body.dataset.unsentTexts;

// A refusal shows the page of a form at the address that the form was sent to.
export const page = document.body.dataset.page || location.pathname;
export const hasServer = Boolean(address);
export const keyOf = (field) => `${person}:${page}#${field}`;

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

export function write(key, record) {
  try {
    if (record) localStorage.setItem(PREFIX + key, JSON.stringify(record));
    else localStorage.removeItem(PREFIX + key);
    return true;
  } catch {
    return false; // storage is full or forbidden
  }
}

function keys() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return []; // storage is forbidden: there is nothing in it
  }
}

export function forgetOld() {
  for (const key of keys()) if (Date.now() - (read(key)?.at ?? 0) > KEEP_DAYS * 864e5) write(key, null);
}

// The server names the sendings that it accepted in a cookie; only then are this browser's copies dropped.
export function forgetAcknowledged() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("acknowledged="));
  if (!cookie) return;
  const tokens = new Set(cookie.slice("acknowledged=".length).split("."));
  for (const key of keys()) if (tokens.has(read(key)?.sent)) write(key, null);
  document.cookie = "acknowledged=; path=/; max-age=0; samesite=lax";
}

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

// Answers the status, 0 when the server cannot be reached.
export async function keepOnServer(field, text, on = page) {
  const body = new FormData();
  body.set("page", on);
  body.set("field", field);
  body.set("text", text);
  const options = { method: "POST", body, headers: { "X-CSRFToken": token() } };
  const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  return answer?.status ?? 0;
}

let fetched;
export function textsOnServer() {
  const wanted = () => fetch(`${address}?page=${encodeURIComponent(page)}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  fetched ??= !address
    ? Promise.resolve({})
    : wanted()
        .then((answer) => (answer.ok ? answer.json() : { texts: {} }))
        .then((answer) => answer.texts)
        .catch(() => ({}));
  return fetched;
}

// Before somebody signs out, the server gets what only this browser has; then nothing of it stays here.
export async function handOver() {
  for (const key of keys().filter((one) => person && one.startsWith(`${person}:`))) {
    const record = read(key);
    const [on, field] = key.slice(person.length + 1).split(/#(.*)/s);
    const isThere = record.onServer || record.sent || (await keepOnServer(field, record.value, on)) === 204;
    if (isThere) write(key, null);
  }
}
