// The preview beside an editor is fetched by htmx (see components/editor.html); this keeps what the reader had
// scrolled and folded, and scrolls along.
const kept = new WeakMap();

const parts = (target) => [...target.querySelectorAll(".preview-part")];
const scroller = (part) => part.lastElementChild;

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (!target.matches?.(".editor-preview")) return;
  kept.set(
    target,
    parts(target).map((part) => ({ open: part.open, top: scroller(part).scrollTop })),
  );
});

document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  const states = kept.get(target);
  if (!states) return;
  parts(target).forEach((part, index) => {
    if (!states[index]) return;
    part.open = states[index].open;
    scroller(part).scrollTop = states[index].top;
  });
});

// The preview follows the source in proportion: exact lines are not known here.
document.addEventListener(
  "scroll",
  (event) => {
    const source = event.target;
    if (!source.matches?.("[data-editor] textarea")) return;
    const share = source.scrollTop / Math.max(1, source.scrollHeight - source.clientHeight);
    const rendered = source.closest("[data-editor]").querySelector(".editor-preview .prose");
    if (rendered) rendered.scrollTop = share * (rendered.scrollHeight - rendered.clientHeight);
  },
  { capture: true, passive: true },
);
