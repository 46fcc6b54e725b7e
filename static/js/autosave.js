// Keeps what is being written, so that a reload, a crash or a lost connection loses nothing: at once in this browser, and on the
// server where the field has data-draft-url. A form takes part with data-autosave="name", a lone field with data-autosave-field="name".
const PREFIX = "draft:";
const LOCAL_MS = 250;
const SERVER_MS = 1500;
const KEEP_DAYS = 60;
const known = new WeakSet();

const now = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const keyOf = (field, name) => `${PREFIX}${location.pathname}#${name}/${field.name}`;
const statusOf = (field) => field.closest("[data-autosave], .editor-source")?.querySelector("[data-autosave-status]");

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, record) {
  try {
    if (record) localStorage.setItem(key, JSON.stringify(record));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false; // storage is full or forbidden
  }
}

function say(field, state, text, action) {
  const status = statusOf(field);
  if (!status) return;
  status.dataset.state = state;
  status.textContent = text;
  if (!action) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: action.label });
  button.addEventListener("click", action.run);
  status.append(" ", button);
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// What was being written on another text than the one shown now is offered, never put in unasked.
function restore(field, key) {
  const record = read(key);
  const shown = field.value;
  if (!record || record.value === shown || record.sent) return write(key, null);
  const discard = { label: "Discard", run: () => (put(field, shown), write(key, null), say(field, "clean", "Discarded.")) };
  const use = { label: "Put it in", run: () => (put(field, record.value), say(field, "restored", "Restored.", discard)) };
  if (record.origin !== shown) return say(field, "offered", "You were writing here on an earlier text.", use);
  put(field, record.value);
  say(field, "restored", "Restored what you had written.", discard);
}

async function keepOnServer(field) {
  const body = new FormData();
  body.set(field.name, field.value);
  const token = field.form?.elements.csrfmiddlewaretoken?.value ?? "";
  const answer = await fetch(field.dataset.draftUrl, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (answer?.ok) say(field, "server", `Draft saved ${now()}`);
  else if (answer?.status === 409) say(field, "local", "Somebody else changed this meanwhile. Save to see both texts; yours is kept here.");
  else say(field, "local", `Kept in this browser ${now()}; the server cannot be reached. Trying again.`);
  return Boolean(answer && answer.status < 500);
}

function watch(field, name) {
  if (known.has(field)) return;
  known.add(field);
  const key = keyOf(field, name);
  const origin = field.value;
  let local = 0;
  let server = 0;
  const upload = async () => (await keepOnServer(field)) || (server = setTimeout(upload, SERVER_MS * 4));
  const keep = () => write(key, field.value === origin ? null : { value: field.value, origin, at: Date.now() });
  field.addEventListener("input", (event) => {
    clearTimeout(local);
    clearTimeout(server);
    local = setTimeout(() => {
      local = 0;
      const kept = keep();
      if (!field.dataset.draftUrl && event.isTrusted) say(field, kept ? "kept" : "local", kept ? "Kept in this browser" : "Cannot be kept in this browser");
    }, LOCAL_MS);
    if (field.dataset.draftUrl) server = setTimeout(upload, SERVER_MS);
  });
  addEventListener("pagehide", () => local && keep());
  addEventListener("online", () => field.dataset.draftUrl && field.value !== origin && upload());
  field.form?.addEventListener("submit", () => (clearTimeout(local), clearTimeout(server), (local = 0), write(key, { value: field.value, origin, at: Date.now(), sent: !field.form.hasAttribute("hx-post") })));
  field.form?.addEventListener("htmx:afterRequest", (event) => event.detail.successful && event.target === field.form && (write(key, null), field.form.reset(), say(field, "clean", "")));
  restore(field, key);
}

function begin(scope) {
  for (const field of scope.querySelectorAll("textarea")) {
    const name = field.dataset.autosaveField ?? field.form?.dataset.autosave;
    if (name) watch(field, name);
  }
}

for (const key of Object.keys(localStorage ?? {})) if (key.startsWith(PREFIX) && Date.now() - (read(key)?.at ?? 0) > KEEP_DAYS * 864e5) write(key, null);
begin(document);
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
