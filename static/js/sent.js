// After a comment or a reply was sent, the keyboard goes on at its thread: the button that was pressed is disabled
// meanwhile, or replaced by the answer, and the browser would begin again at the top of the page.
let isWaiting = false;

document.addEventListener("htmx:beforeRequest", (event) => {
  isWaiting = event.target.matches?.("form.composer") && event.target.contains(document.activeElement);
});

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  const thread = elt.closest?.("[data-thread]") ?? elt.querySelector?.("[data-thread]");
  const isLost = document.activeElement === document.body || !document.activeElement;
  if (!isWaiting || !isLost || !thread) return;
  isWaiting = false;
  thread.focus({ preventScroll: true });
  thread.scrollIntoView({ block: "nearest" });
});
