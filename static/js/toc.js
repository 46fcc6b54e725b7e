// Marks the line of the contents whose clause is being read, keeps it in sight, and opens or folds the list for the
// width of the screen.
const toc = document.querySelector("[data-toc]");
const fold = toc?.querySelector("[data-toc-fold]");
const wide = matchMedia("(min-width: 48.01rem)");
const lines = new Map(
  [...(toc?.querySelectorAll("[data-toc-anchor]") ?? [])].map((line) => [line.dataset.tocAnchor, line]),
);
const clauses = [...document.querySelectorAll(".clause[id]")].filter((clause) => lines.has(clause.id));
let current = null;

function mark(line) {
  if (!line || line === current) return;
  current?.removeAttribute("aria-current");
  current = line;
  line.setAttribute("aria-current", "location");
  const box = line.getBoundingClientRect();
  const frame = toc.getBoundingClientRect();
  if (wide.matches && (box.top < frame.top + 24 || box.bottom > frame.bottom - 24))
    toc.scrollTop += box.top - frame.top - frame.height / 2;
}

// The last clause whose heading has passed the upper quarter of the window, found by halving: clauses stand in order.
function reading() {
  const limit = innerHeight / 4;
  let low = 0;
  let high = clauses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (clauses[middle].getBoundingClientRect().top <= limit) low = middle + 1;
    else high = middle;
  }
  return clauses[Math.max(0, low - 1)];
}

let frame = 0;
function later() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => mark(lines.get(reading()?.id)));
}

function fit() {
  if (fold) fold.open = wide.matches;
}

if (toc) {
  fit();
  wide.addEventListener("change", fit);
  toc.addEventListener("click", (event) => event.target.closest("a") && !wide.matches && (fold.open = false));
  if (clauses.length) {
    addEventListener("scroll", later, { passive: true });
    later();
  }
}
