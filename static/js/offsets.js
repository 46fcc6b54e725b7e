// Between the browser's ranges and offsets of a clause's stable text: code points of the text content of [data-text],
// in which each title of another clause, found or missing (ATOM), is one U+FFFC and what the page adds (SKIP) does not
// exist. The only module that knows this.
const ATOM = "a.ref, .ref-missing";
const SKIP = "[data-not-text]";
export const OBJECT = "\uFFFC";

export const length = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const units = (text, points) => {
  let index = 0;
  for (; points > 0 && index < text.length; points -= 1) index += text.codePointAt(index) > 0xffff ? 2 : 1;
  return index;
};

// Text nodes and atoms in order, each with where it starts.
function parts(root) {
  const accept = (node) => {
    if (node.nodeType === Node.TEXT_NODE)
      return node.parentElement.closest(ATOM) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    if (node.matches(SKIP)) return NodeFilter.FILTER_REJECT;
    return node.matches(ATOM) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, accept);
  const found = [];
  let start = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const atom = node.nodeType !== Node.TEXT_NODE;
    const text = atom ? OBJECT : node.data;
    const size = length(text);
    found.push({ node, atom, text, start, end: start + size });
    start += size;
  }
  return found;
}

export const stableText = (root) =>
  parts(root)
    .map((part) => part.text)
    .join("");

function offsetOf(list, container, offset, atEnd) {
  const point = document.createRange();
  point.setStart(container, offset);
  for (const part of list) {
    if (part.atom && part.node.contains(container)) return atEnd ? part.end : part.start;
    if (part.node === container) return part.start + length(part.text.slice(0, offset));
    const here = document.createRange();
    here.selectNode(part.node);
    if (point.compareBoundaryPoints(Range.START_TO_START, here) <= 0) return part.start;
  }
  return list.at(-1)?.end ?? 0;
}

// {start, end, text} of the part of a range inside root, without blank ends; null when nothing is left.
export function toOffsets(root, range) {
  const whole = document.createRange();
  whole.selectNodeContents(root);
  const clipped = range.cloneRange();
  if (clipped.compareBoundaryPoints(Range.START_TO_START, whole) < 0) clipped.setStart(root, 0);
  if (clipped.compareBoundaryPoints(Range.END_TO_END, whole) > 0) clipped.setEnd(root, root.childNodes.length);
  const list = parts(root);
  const points = [...list.map((part) => part.text).join("")];
  let start = offsetOf(list, clipped.startContainer, clipped.startOffset, false);
  let end = offsetOf(list, clipped.endContainer, clipped.endOffset, true);
  while (start < end && /\s/.test(points[start])) start += 1;
  while (end > start && /\s/.test(points[end - 1])) end -= 1;
  return start < end ? { start, end, text: points.slice(start, end).join("") } : null;
}

// The range of two offsets; null when the text is shorter than that.
export function toRange(root, start, end, list = parts(root)) {
  const first = list.find((part) => start < part.end);
  const last = list.findLast((part) => end > part.start);
  if (!first || !last || end > last.end || start >= end) return null;
  const range = document.createRange();
  if (first.atom) range.setStartBefore(first.node);
  else range.setStart(first.node, units(first.text, start - first.start));
  if (last.atom) range.setEndAfter(last.node);
  else range.setEnd(last.node, units(last.text, end - last.start));
  return range;
}

export const rangesOf = (root, pairs) => {
  const list = parts(root);
  return pairs.map(({ start, end }) => toRange(root, start, end, list));
};
