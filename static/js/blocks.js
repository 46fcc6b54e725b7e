// Blocks of the text from the keyboard: "c" begins, arrows move, Enter sends `block:chosen` to the block, Escape ends.
const MOVES = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };

const blocks = () => [...document.querySelectorAll("[data-text] [data-block]")];
const inSight = (block) => block.getBoundingClientRect().bottom > 80;

function step(to) {
  const old = document.querySelector(".block-here");
  old?.classList.remove("block-here");
  old?.removeAttribute("aria-description");
  if (!to) return old?.blur();
  to.tabIndex = -1;
  to.classList.add("block-here");
  to.setAttribute("aria-description", "Enter comments on this block, arrows move, Escape leaves");
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

function press(key, here) {
  const list = blocks();
  if (key in MOVES) step(list[list.indexOf(here) + MOVES[key]] ?? here);
  else if (key === "Escape") step(null);
  else if (key === "Enter" || key === "c") {
    step(null);
    here.dispatchEvent(new Event("block:chosen", { bubbles: true }));
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const here = document.querySelector(".block-here");
  const first = here || event.key !== "c" || !getSelection().isCollapsed ? null : blocks().find(inSight);
  if (here ? !press(event.key, here) : !first) return;
  event.preventDefault();
  if (first) step(first);
});
