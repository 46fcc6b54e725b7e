// Shortcuts, and the list of them with "?". Other modules and pages name theirs with data-key="c" data-key-
// label="comment" on a link or button. Ctrl+Enter (⌘ Enter) in a form presses its first button, as Enter does in a line.
const SEQUENCE_MS = 900;
let previous = "";
let previousAt = 0;

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function entries() {
  const found = new Map([
    ["?", "show these shortcuts"],
    ["Escape", "close what is open"],
  ]);
  if (document.querySelector("form textarea")) found.set("Ctrl Enter", "in a text: save or send what you wrote");
  for (const element of document.querySelectorAll("[data-key]"))
    if (!found.has(element.dataset.key))
      found.set(element.dataset.key, element.dataset.keyLabel || element.textContent.trim());
  return found;
}

function show() {
  document.getElementById("~keys-help")?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = "~keys-help";
  dialog.className = "keys-help";
  dialog.setAttribute("aria-labelledby", "~keys-title");
  const title = Object.assign(document.createElement("h2"), { id: "~keys-title", textContent: "Shortcuts" });
  const list = document.createElement("dl");
  for (const [key, label] of entries()) {
    const term = document.createElement("dt");
    for (const part of key.split(" "))
      term.append(Object.assign(document.createElement("kbd"), { textContent: part }), " ");
    list.append(term, Object.assign(document.createElement("dd"), { textContent: label }));
  }
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}

function press(key) {
  for (const element of document.querySelectorAll("[data-key]"))
    if (element.dataset.key === key && element.checkVisibility?.() !== false) return (element.click(), true);
  return false;
}

const wanted = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;

document.addEventListener("keydown", (event) => {
  const button = wanted(event) && event.target.form?.querySelector("button[type=submit]:enabled");
  if (!button || event.defaultPrevented || event.repeat) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") return (event.preventDefault(), show());
  const now = performance.now();
  const pair = now - previousAt < SEQUENCE_MS ? `${previous} ${event.key}` : "";
  previous = event.key;
  previousAt = now;
  if ((pair && press(pair)) || press(event.key)) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-keys-help]")) {
  button.hidden = false;
  button.addEventListener("click", show);
}
