// Keeps what is being written, so that a reload, a crash or a lost connection loses nothing: at once in this browser,
// and on the server where the field has data-draft-url. A form takes part with data-autosave="name", a lone field with
// data-autosave-field="name".
import { forgetOld, read, write } from "./drafts.js";

const LOCAL_MS = 250;
const SERVER_MS = 1500;
const PATIENCE_MS = 10000;
const known = new WeakSet();
const underWay = new WeakMap();

const now = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const keyOf = (field, name) => `${location.pathname}#${name}/${field.name}`;
const statusOf = (field) => field.closest("[data-autosave], .editor-source")?.querySelector("[data-autosave-status]");

function say(field, state, text, action) {
  const status = statusOf(field);
  if (!status) return;
  status.dataset.state = state;
  status.textContent = text;
  if (!action) return;
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "link",
    textContent: action.label,
  });
  button.addEventListener("click", action.run);
  status.append(" ", button);
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was sent and came back as a fresh page has arrived; after a reload or "back" it may not have.
const arrived = (record) => record.sent && performance.getEntriesByType("navigation")[0]?.type === "navigate";

// What was being written on another text than the one shown now is offered, never put in unasked.
function restore(field, key) {
  const record = read(key);
  const shown = field.defaultValue;
  if (!record || record.value === shown || arrived(record)) return write(key, null);
  if (record.value === field.value) return;
  const discard = {
    label: "Discard",
    run: () => (put(field, shown), write(key, null), say(field, "clean", "Discarded.")),
  };
  const use = {
    label: "Put it in",
    run: () => (put(field, record.value), say(field, "restored", "Restored.", discard)),
  };
  if (record.origin !== shown || field.value !== shown)
    return say(field, "offered", "You were writing here on an earlier text.", use);
  put(field, record.value);
  say(field, "restored", "Restored what you had written.", discard);
}

async function keepOnServer(field) {
  const body = new FormData();
  body.set(field.name, field.value);
  const version = field.form?.elements[field.dataset.draftVersion];
  if (version) body.set("version", version.value);
  const token = field.form?.elements.csrfmiddlewaretoken?.value ?? "";
  const sent = { method: "POST", body, headers: { "X-CSRFToken": token }, signal: AbortSignal.timeout(PATIENCE_MS) };
  const answer = await fetch(field.dataset.draftUrl, sent).catch(() => null);
  if (answer?.ok && version) version.value = (await answer.json()).version;
  if (answer?.ok) say(field, "server", `Draft saved ${now()}`);
  else if (answer?.status === 409)
    say(field, "local", "Somebody else changed this meanwhile. Save to see both texts; yours is kept here.");
  else say(field, "local", `Kept in this browser ${now()}; the server cannot be reached. Trying again.`);
  return Boolean(answer && answer.status < 500);
}

// The texts of a form are kept one after the other: each save names the version that the one before it made.
function inTurn(form, save) {
  const mine = (underWay.get(form) ?? Promise.resolve()).then(save).finally(() => {
    if (underWay.get(form) === mine) underWay.delete(form);
  });
  underWay.set(form, mine);
}

// A form goes when what is still being kept has arrived, or it would find itself overtaken by its own writer.
function goInTurn(form) {
  if (known.has(form)) return;
  known.add(form);
  form.addEventListener("submit", async (event) => {
    if (!underWay.has(form)) return;
    event.preventDefault();
    if (form.dataset.going) return;
    form.dataset.going = "soon";
    while (underWay.has(form)) await underWay.get(form);
    delete form.dataset.going;
    form.requestSubmit(event.submitter);
  });
}

function watch(field, name) {
  if (known.has(field)) return;
  known.add(field);
  const key = keyOf(field, name);
  const origin = field.defaultValue;
  const timers = { local: 0, server: 0 };
  const store = (more) => write(key, { value: field.value, origin, at: Date.now(), ...more });
  const keep = () => (field.value === origin ? write(key, null) : store());
  const send = async () => (await keepOnServer(field)) || (timers.server = setTimeout(upload, SERVER_MS * 4));
  const upload = () => inTurn(field.form, send);
  const stop = () => Object.keys(timers).forEach((one) => (clearTimeout(timers[one]), (timers[one] = 0)));
  const keepLocally = (typed) => {
    timers.local = 0;
    const kept = keep();
    if (field.dataset.draftUrl || !typed) return;
    say(field, kept ? "kept" : "local", kept ? "Kept in this browser" : "Cannot be kept in this browser");
  };

  field.addEventListener("input", (event) => {
    stop();
    timers.local = setTimeout(keepLocally, LOCAL_MS, event.isTrusted);
    if (field.dataset.draftUrl) timers.server = setTimeout(upload, SERVER_MS);
  });
  if (field.dataset.draftUrl) goInTurn(field.form);
  addEventListener("pagehide", () => timers.local && keep());
  addEventListener("online", () => field.dataset.draftUrl && field.value !== origin && upload());
  field.form?.addEventListener("submit", () => (stop(), store({ sent: !field.form.hasAttribute("hx-post") })));
  field.form?.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== field.form || !event.detail.successful) return;
    write(key, null);
    field.form.reset();
    say(field, "clean", "");
  });
  restore(field, key);
}

function begin(scope) {
  for (const field of scope.querySelectorAll("textarea")) {
    const name = field.dataset.autosaveField ?? field.form?.dataset.autosave;
    if (name) watch(field, name);
  }
}

forgetOld();
begin(document);
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
