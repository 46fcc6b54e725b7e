// Keeps what is being written, so that a reload, a crash, a refusal or a lost connection loses nothing: at once in this
// browser, and soon after on the server for those who are signed in. Every text field of a form that is posted takes
// part where somebody is signed in; the form's data-autosave names it, "off" leaves it out. Elsewhere a form needs
// data-autosave, or a field with data-autosave-field. A field with data-draft-url is saved there instead.
import {
  forgetAcknowledged,
  forgetOld,
  handOver,
  hasServer,
  keepOnServer,
  keyOf,
  page,
  read,
  textsOnServer,
  write,
} from "./drafts.js";

const LOCAL_MS = 250;
const SERVER_MS = 1500;
const PATIENCE_MS = 10000;
const FIELDS = "textarea, input[type=text], input[type=email], input[type=url], input:not([type])";
const isRefusal = "refused" in document.body.dataset;
const known = new WeakSet();
const underWay = new WeakMap();
const flushes = new Set();

const now = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const ownLines = new WeakMap();
const nameOf = (form) => form.dataset.autosave || form.id || new URL(form.action).pathname;

// A text of a clause has a status of its own, the other fields of a form share one.
function statusOf(field) {
  const editor = field.closest(".editor-source");
  if (editor) return editor.querySelector("[data-autosave-status]");
  const all = field.closest("[data-autosave]")?.querySelectorAll("[data-autosave-status]") ?? [];
  return [...all].find((one) => !one.closest(".editor-source"));
}

const isAlone = (field) =>
  field.closest(".editor-source") || [...field.form.querySelectorAll(FIELDS)].filter((one) => one.name).length === 1;

// What can be done about one field is said beside it: in a status that others share, the next field would hide it.
function lineOf(field, action) {
  const status = statusOf(field);
  if (status && isAlone(field)) return status;
  const own = ownLines.get(field);
  if (!action) return (own?.remove(), ownLines.delete(field), status);
  if (own) return own;
  const line = Object.assign(document.createElement("p"), { className: "autosave", role: "status" });
  field.after(line);
  ownLines.set(field, line);
  return line;
}

function say(field, state, text, action) {
  const status = lineOf(field, action);
  if (!status) return;
  status.dataset.state = state;
  status.textContent = text;
  if (!action) return;
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "link",
    textContent: action.label,
  });
  button.addEventListener("click", () => (action.run(), field.focus()));
  status.append(" ", button);
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// The text of a clause is saved in the proposal itself. Answers whether there is no need to try again.
async function saveDraft(field) {
  const body = new FormData();
  body.set(field.name, field.value);
  const version = field.form?.elements[field.dataset.draftVersion];
  if (version) body.set("version", version.value);
  const token = field.form?.elements.csrfmiddlewaretoken?.value ?? "";
  const sent = { method: "POST", body, headers: { "X-CSRFToken": token }, signal: AbortSignal.timeout(PATIENCE_MS) };
  const answer = await fetch(field.dataset.draftUrl, sent).catch(() => null);
  if (answer?.ok && version) version.value = (await answer.json()).version;
  return answer?.status ?? 0;
}

function report(field, status) {
  if (status >= 200 && status < 300) say(field, "server", `Draft saved ${now()}`);
  else if (status === 409)
    say(field, "local", "Somebody else changed this. Save to see both texts; yours is kept here.");
  else if (status === 403) say(field, "local", "You are signed out. Your text is kept in this browser; sign in to save it.");
  else if (status === 422) say(field, "local", "Kept in this browser; the server can't store it as it is.");
  else say(field, "local", `Kept in this browser ${now()}; the server can't be reached. Trying again.`);
}

// The texts of a form are kept one after the other: each save names the version that the one before it made.
function inTurn(form, save) {
  const mine = (underWay.get(form) ?? Promise.resolve()).then(save).finally(() => {
    if (underWay.get(form) === mine) underWay.delete(form);
  });
  underWay.set(form, mine);
  return mine;
}

const randomToken = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// The server learns which form of which page this is, so that it can acknowledge it and forget its copies.
function mark(form, name) {
  const input =
    form.elements.sending ?? Object.assign(document.createElement("input"), { type: "hidden", name: "sending" });
  input.value = `${randomToken()} ${name} ${page}`;
  form.append(input);
  return input.value.split(" ")[0];
}

// A form goes when what is still being kept has arrived: else the server would keep what was sent already.
function watchForm(form, name) {
  if (known.has(form)) return;
  known.add(form);
  form.addEventListener("submit", async (event) => {
    if (!underWay.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.going) return;
    form.dataset.going = "soon";
    while (underWay.has(form)) await underWay.get(form);
    delete form.dataset.going;
    form.requestSubmit(event.submitter);
  });
  form.addEventListener("submit", () => (form.dataset.sending = mark(form, name)));
}

// Saving may change the end of a text: the last line gets its line break.
const isSameText = (one, other) => one.trimEnd() === other.trimEnd();

// What was being written on another text than the one shown now is offered, never put in unasked.
async function restore(field, name, key, origin) {
  const local = read(key);
  const kept = field.dataset.draftUrl ? undefined : (await textsOnServer())[name];
  const record = kept && kept.at > (local?.at ?? 0) ? { ...local, value: kept.text, at: kept.at } : local;
  if (!record || field.value !== origin) return;
  if (isSameText(record.value, origin)) return isRefusal ? undefined : write(key, null);
  // Each field of such a form is saved by itself: one that a refused page does not give back was saved.
  const isSaved = isRefusal && record.sent && origin === "" && "savesFields" in field.form.dataset;
  if (isSaved) return write(key, null), kept ? keepOnServer(name, "") : undefined;
  const drop = () => (put(field, origin), write(key, null), say(field, "clean", "Discarded."));
  const discard = { label: "Discard", run: drop };
  const use = { label: "Put it in", run: () => (put(field, record.value), say(field, "restored", "Restored.", discard)) };
  const fits = record.origin === origin || (record.origin === undefined && origin === "");
  if (!fits) return say(field, "offered", "You were writing here on an earlier text.", use);
  put(field, record.value);
  say(field, "restored", "Restored what you had written.", discard);
}

function watch(field, form, formName) {
  if (known.has(field)) return;
  known.add(field);
  const name = `${formName}/${field.name}`;
  const key = keyOf(name);
  const isDraft = Boolean(field.dataset.draftUrl);
  const origin = field.defaultValue;
  // A page that gives a refused text back shows that, and the record knows what the page shows otherwise.
  const baseline = () => (isRefusal ? (read(key)?.origin ?? origin) : origin);
  const timers = { local: 0, server: 0 };
  const store = (more) => write(key, { value: field.value, origin: baseline(), at: Date.now(), ...more });
  const isClean = () => field.value === origin && !isRefusal;
  const keep = () => (isClean() ? write(key, null) : store());
  const send = async () => {
    const value = field.value;
    const status = isDraft ? await saveDraft(field) : await keepOnServer(name, isClean() ? "" : value);
    const again = status === 0 || status >= 500;
    if (status >= 200 && status < 300 && read(key)?.value === value) store({ onServer: true });
    if (isDraft || !isClean()) report(field, status);
    if (again) timers.server = setTimeout(upload, SERVER_MS * 4);
  };
  const upload = () => ((timers.server = 0), inTurn(form, send));
  const stop = () => Object.keys(timers).forEach((one) => (clearTimeout(timers[one]), (timers[one] = 0)));
  const keepLocally = (typed) => {
    timers.local = 0;
    const kept = keep();
    if (isDraft || !typed) return;
    say(field, kept ? "kept" : "local", kept ? "Kept in this browser" : "This browser can't keep what you write");
  };

  field.addEventListener("input", (event) => {
    stop();
    timers.local = setTimeout(keepLocally, LOCAL_MS, event.isTrusted);
    if (isDraft || hasServer) timers.server = setTimeout(upload, SERVER_MS);
  });
  flushes.add(() => (timers.local || timers.server ? (stop(), keep(), upload()) : undefined));
  addEventListener("pagehide", () => timers.local && keep());
  addEventListener("online", () => isDraft && field.value !== origin && upload());
  form.addEventListener("submit", () => (stop(), isClean() || store({ sent: form.dataset.sending })));
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form || !event.detail.successful) return;
    write(key, null);
    say(field, "clean", "");
  });
  restore(field, name, key, origin);
}

// After htmx sent a form with success it is blank again; once for all of its fields.
function resetWhenSent(form) {
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target === form && event.detail.successful) form.reset();
  });
}

function begin(scope) {
  for (const form of scope.querySelectorAll("form[method=post]")) {
    const isWanted = hasServer || form.dataset.autosave || form.querySelector("[data-autosave-field]");
    if (form.dataset.autosave === "off" || !isWanted) continue;
    const fields = [...form.querySelectorAll(FIELDS)].filter((field) => field.name && field.form === form);
    if (!fields.length) continue;
    const isNew = !known.has(form);
    watchForm(form, nameOf(form));
    for (const field of fields) watch(field, form, nameOf(form));
    if (isNew && form.hasAttribute("hx-post")) resetWhenSent(form);
  }
}

function watchSignOut() {
  const form = document.querySelector("form[data-sign-out]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await Promise.all([...flushes].map((flush) => flush()));
    await handOver();
    form.submit();
  });
}

forgetAcknowledged();
forgetOld();
begin(document);
watchSignOut();
document.addEventListener("htmx:load", (event) => begin(event.detail.elt.parentElement ?? event.detail.elt));
