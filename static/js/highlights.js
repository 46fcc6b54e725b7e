// Paints the passages that threads are about, and lights up passage and card together. A passage comes from a card
// (data-thread with data-start, data-end inside [data-clause]) or from the JSON of [data-highlights]: {"ranges":
// [{"thread", "clause", "start", "end", "internal"}]}. Nothing is written into the text where the browser can
// highlight by itself.
import { paintMarks } from "./marks.js";
import { rangesOf } from "./offsets.js";

const CARDS = "[data-thread][data-end]";
const native = "highlights" in CSS && typeof Highlight === "function";
const passages = new Map(); // clause → thread → {thread, start, end, internal, range}
let lit = "";

const clauseOf = (id) => document.querySelector(`[data-clause="${CSS.escape(id)}"]`);
const all = () => [...passages.values()].flatMap((threads) => [...threads.values()]);

function add(clause, list) {
  const root = clauseOf(clause)?.querySelector("[data-text]");
  const known = passages.get(clause) ?? passages.set(clause, new Map()).get(clause);
  const fresh = list.filter(
    (one) => known.get(one.thread)?.end !== one.end || known.get(one.thread)?.start !== one.start,
  );
  if (!root || !fresh.length) return;
  const ranges = rangesOf(root, fresh);
  fresh.forEach((one, index) => ranges[index] && known.set(one.thread, { ...one, root, range: ranges[index] }));
  paint();
}

function fromCards(cards) {
  const lists = new Map();
  for (const card of cards) {
    const clause = card.dataset.for ?? card.closest("[data-clause]")?.dataset.clause;
    const { thread, start, end } = card.dataset;
    const one = {
      thread,
      start: Number(start),
      end: Number(end),
      internal: card.classList.contains("thread-internal"),
    };
    if (clause) lists.set(clause, [...(lists.get(clause) ?? []), one]);
  }
  for (const [clause, list] of lists) add(clause, list);
}

async function fromAddress(holder) {
  const answer = await fetch(holder.dataset.highlights, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return; // the text is readable without
  const { ranges } = await answer.json();
  for (const [clause, list] of Map.groupBy?.(ranges, (one) => one.clause) ?? grouped(ranges)) add(clause, list);
}

function grouped(ranges) {
  const groups = new Map();
  for (const one of ranges) groups.set(one.clause, [...(groups.get(one.clause) ?? []), one]);
  return groups;
}

function paint() {
  if (!native) return paintMarks(all());
  const layers = { comment: [], internal: [], here: [] };
  for (const one of all()) layers[one.thread === lit ? "here" : one.internal ? "internal" : "comment"].push(one.range);
  Object.entries(layers).forEach(([name, ranges], priority) => {
    const highlight = new Highlight(...ranges);
    highlight.priority = priority;
    CSS.highlights.set(`thread-${name}`, highlight);
  });
}

function light(thread) {
  if (thread === lit) return;
  document.getElementById(`thread-${lit}`)?.classList.remove("here");
  lit = thread;
  document.getElementById(`thread-${lit}`)?.classList.add("here");
  paint();
}

// The narrowest passage under a point.
function under(event) {
  const caret =
    document.caretPositionFromPoint?.(event.clientX, event.clientY) ??
    document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const node = caret?.offsetNode ?? caret?.startContainer;
  const offset = caret?.offset ?? caret?.startOffset;
  const clause = node?.parentElement?.closest("[data-text]")?.closest("[data-clause]")?.dataset.clause;
  const hits = [...(passages.get(clause)?.values() ?? [])].filter((one) => one.range.isPointInRange(node, offset));
  return hits.sort((a, b) => a.end - a.start - (b.end - b.start))[0];
}

let frame = 0;
document.addEventListener("pointermove", (event) => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const card = event.target.closest?.("[data-thread]");
    light(card?.dataset.thread ?? under(event)?.thread ?? "");
  });
});
document.addEventListener(
  "focusin",
  (event) => event.target.closest?.("[data-thread]") && light(event.target.closest("[data-thread]").dataset.thread),
);
document.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed || event.target.closest("a, button, summary, [data-thread]")) return;
  const hit = under(event);
  if (!hit) return;
  const clause = hit.root.closest("[data-clause]");
  clause.querySelector("[data-sheet]")?.click();
  document.getElementById(`thread-${hit.thread}`)?.scrollIntoView({ block: "nearest" });
  light(hit.thread);
});
// From a card's quote to its words; on a phone they go above the sheet.
document.addEventListener("click", (event) => {
  const thread = event.target.closest(".thread-quote")?.closest("[data-thread]")?.dataset.thread;
  const passage = all().find((one) => one.thread === thread);
  const start = passage?.range.startContainer;
  const block = matchMedia("(max-width: 48rem)").matches ? "start" : "center";
  (start?.nodeType === Node.TEXT_NODE ? start.parentElement : start)?.scrollIntoView({ block });
});
document.addEventListener("htmx:load", ({ detail: { elt } }) =>
  fromCards([elt, ...elt.querySelectorAll(CARDS)].filter((one) => one.matches(CARDS))),
);
fromCards(document.querySelectorAll(CARDS));
for (const holder of document.querySelectorAll("[data-highlights]")) fromAddress(holder);
