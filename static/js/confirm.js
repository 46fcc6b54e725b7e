// Asks once before a form or button marked data-confirm="Question?" is sent. The second press of the same button,
// within five seconds, sends it.
const PATIENCE_MS = 5000;
const asked = new WeakMap();

function settle(button, words) {
  button.textContent = words;
  button.classList.remove("asking");
  asked.delete(button);
}

function ask(button, question) {
  const words = button.textContent;
  button.textContent = question;
  button.classList.add("asking");
  const timer = setTimeout(() => settle(button, words), PATIENCE_MS);
  asked.set(button, () => {
    clearTimeout(timer);
    settle(button, words);
  });
  announce(question);
}

// Without scripts the server asks on a page of its own; here it learns that it need not.
function tell(form) {
  if (!form || form.elements.confirmed) return;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "1" }));
}

function announce(question) {
  const live = document.getElementById("~messages");
  if (!live) return;
  const line = document.createElement("p");
  line.className = "sr";
  line.textContent = `${question} Press the button again to confirm.`;
  live.append(line);
  setTimeout(() => line.remove(), PATIENCE_MS);
}

// In the capture phase, so that htmx does not see a press that only asked.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button, input[type=submit]");
    const question = button?.dataset.confirm ?? (button?.type === "submit" ? button.form?.dataset.confirm : undefined);
    if (!question) return;
    const confirmed = asked.get(button);
    if (confirmed) return (tell(button.form), confirmed());
    event.preventDefault();
    event.stopPropagation();
    ask(button, question);
  },
  true,
);
