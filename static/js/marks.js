// Passages as <mark>, for browsers that cannot paint ranges by themselves. The text content stays the same, so offsets
// hold.
import { toRange } from "./offsets.js";

function nodesIn(root, range) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const ours = !node.parentElement.closest("[data-not-text]");
    if (ours && node.data.trim() && range.intersectsNode(node)) found.push(node);
  }
  return found;
}

function wrap(node, range, internal) {
  const piece = document.createRange();
  piece.setStart(node, node === range.startContainer ? range.startOffset : 0);
  piece.setEnd(node, node === range.endContainer ? range.endOffset : node.length);
  const mark = Object.assign(document.createElement("mark"), { className: internal ? "internal" : "" });
  if (piece.toString()) piece.surroundContents(mark);
}

// Wraps each passage once; wrapping moves nodes, so every range is made anew from its offsets.
export function paintMarks(passages) {
  for (const one of passages.filter((each) => !each.marked)) {
    const range = toRange(one.root, one.start, one.end);
    for (const node of nodesIn(one.root, range)) wrap(node, range, one.internal);
    one.marked = true;
  }
  for (const one of passages) one.range = toRange(one.root, one.start, one.end);
}
