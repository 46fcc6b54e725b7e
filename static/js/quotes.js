// From words to a comment: a button beside selected words, "c" and the arrows for whole blocks, then the clause's
// composer with the quote in it.
import "./blocks.js";
import { OBJECT, toOffsets } from "./offsets.js";

const button = Object.assign(document.createElement("button"), {
  type: "button",
  className: "quote-button primary small",
  textContent: "Comment",
  hidden: true,
});
button.dataset.key = "c";
button.dataset.keyLabel = "comment on the selected words; with nothing selected, choose a block with ↑ ↓ and Enter";
document.body.append(button);
button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
button.addEventListener("click", () => comment(selected()));

const element = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return quoteOf(
    element(range.startContainer)?.closest("[data-text]") ?? element(range.endContainer)?.closest("[data-text]"),
    range,
  );
}

function quoteOf(root, range) {
  const clause = root?.closest("[data-clause]");
  const found = clause && toOffsets(root, range);
  if (!found) return null;
  const block = element(range.startContainer).closest("[data-block]")?.dataset.block ?? "";
  return { clause, range, block, ...found };
}

function place() {
  const quote = selected();
  button.hidden = !quote;
  if (!quote) return;
  const box = [...quote.range.getClientRects()].at(-1) ?? quote.range.getBoundingClientRect();
  button.style.insetBlockStart = `${Math.min(box.bottom + 6, innerHeight - 48)}px`;
  button.style.left = `${Math.max(8, Math.min(box.right - 24, innerWidth - button.offsetWidth - 12))}px`;
}

let pending = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(pending);
  pending = setTimeout(place, 180);
});
addEventListener("scroll", () => button.hidden || requestAnimationFrame(place), { passive: true });

function composerOf(clause) {
  return (
    clause.querySelector("[data-composer]") ??
    document.querySelector(`[data-composer][data-for="${clause.dataset.clause}"]`)
  );
}

async function comment(quote) {
  if (!quote) return;
  const sheet = quote.clause.querySelector(".clause-margin");
  sheet?.dispatchEvent(new Event("sheet:show", { bubbles: true }));
  const composer = composerOf(quote.clause) ?? (signInLink(quote.clause) ? null : await fetched(quote.clause, sheet));
  if (composer) return fill(composer, quote);
  const page = new URL(sheet?.querySelector(".clause-margin-open")?.href ?? location.href);
  page.search = `?start=${quote.start}&end=${quote.end}`;
  page.hash = "composer";
  const feedback = linkIn(quote.clause, "[data-feedback]");
  if (feedback) return location.assign(withWords(feedback.href, quote));
  const link = signInLink(quote.clause);
  if (link) location.assign(comingBackTo(page, link));
  else if (sheet && !sheet.querySelector(".clause-threads > :not(.htmx-indicator)")) location.assign(page);
  else document.getElementById(`threads-${quote.clause.dataset.clause}`)?.scrollIntoView({ block: "nearest" });
}

// Who may not comment without signing in gets this link in place of the composer (reviews/threads/_of_clause.html).
const signInLink = (clause) => linkIn(clause, "[data-sign-in]");

function linkIn(clause, wanted) {
  return document.getElementById(`threads-${clause.dataset.clause}`)?.querySelector(wanted);
}

// Whoever has no account says something about the words in the form for public feedback.
function withWords(href, quote) {
  const address = new URL(href);
  address.searchParams.set("start", quote.start);
  address.searchParams.set("end", quote.end);
  return address;
}

function comingBackTo(page, link) {
  const address = new URL(link.href);
  address.searchParams.set("next", page.pathname + page.search + page.hash);
  return address;
}

function fetched(clause, sheet) {
  return new Promise((resolve) => {
    if (!sheet?.querySelector("[hx-get]")) return resolve(null);
    const settle = () => resolve(composerOf(clause));
    sheet.addEventListener("htmx:afterSettle", settle, { once: true });
    sheet.addEventListener("htmx:afterRequest", (event) => event.detail.successful || settle(), { once: true });
  });
}

function fill(composer, quote) {
  for (const name of ["start", "end", "block"]) composer.elements[name].value = quote[name];
  composer.elements.quote.value = quote.text;
  const shown = composer.querySelector("[data-composer-quote]");
  shown.textContent = quote.text.includes(OBJECT) ? quote.range.toString() : quote.text;
  shown.hidden = false;
  composer.querySelector("[data-composer-close]").hidden = false;
  button.hidden = true;
  for (let fold = composer.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  composer.dispatchEvent(new CustomEvent("quote:filled", { bubbles: true, detail: quote }));
  composer.elements.body.focus();
  composer.scrollIntoView({ block: "nearest" });
}

function blank(composer, drop) {
  drop.hidden = true;
  for (const name of ["start", "end", "block", "quote"]) composer.elements[name].value = "";
  composer.querySelector("[data-composer-quote]").hidden = true;
}

document.addEventListener("click", (event) => {
  const drop = event.target.closest?.("[data-composer-close]");
  if (drop) blank(drop.form, drop);
});

// After signing in the address leads back here: the server has put the words into the composer. The browser goes to the
// place that the address names when the page is loaded, which takes the focus away; so this comes after it.
function openComposer() {
  const composer = document.querySelector("[data-composer]");
  for (let fold = composer?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  composer?.elements.body.focus();
}
if (location.hash === "#composer") addEventListener("load", () => setTimeout(openComposer));

document.addEventListener("block:chosen", (event) => {
  const range = document.createRange();
  range.selectNodeContents(event.target);
  comment(quoteOf(event.target.closest("[data-text]"), range));
});
