// What is said about a clause: beside the text where there is room, else a sheet that a link with data-sheet="id"
// opens. Opening sends `sheet:open` to the threads inside, which fetch themselves once; other modules send
// `sheet:show` to the sheet. Without scripts the link leads to the clause's page.
const narrow = matchMedia("(max-width: 75rem)");
let opener = null;

function closeButton(sheet) {
  let button = sheet.querySelector(".sheet-close");
  if (!button) {
    button = Object.assign(document.createElement("button"), {
      type: "button",
      className: "sheet-close quiet small",
      textContent: "Close",
    });
    button.addEventListener("click", () => close(sheet));
    sheet.prepend(button);
  }
  return button;
}

function open(sheet, from = null) {
  for (const other of document.querySelectorAll(".sheet-open"))
    if (other !== sheet) other.classList.remove("sheet-open");
  sheet.querySelector(".clause-threads")?.dispatchEvent(new Event("sheet:open"));
  if (!narrow.matches) return;
  opener = from ?? document.activeElement;
  sheet.classList.add("sheet-open");
  closeButton(sheet).focus({ preventScroll: true });
}

function close(sheet) {
  sheet.classList.remove("sheet-open");
  opener?.focus?.({ preventScroll: true });
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-sheet]");
  const sheet = link && document.getElementById(link.dataset.sheet);
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  if (sheet && !modified && (narrow.matches || sheet.querySelector("[hx-get]"))) {
    event.preventDefault();
    open(sheet, link);
  }
});

document.addEventListener("sheet:show", (event) => open(event.target));

document.addEventListener("keydown", (event) => {
  const sheet = event.key === "Escape" && document.querySelector(".sheet-open");
  if (sheet) close(sheet);
});

narrow.addEventListener("change", () => {
  if (!narrow.matches)
    for (const sheet of document.querySelectorAll(".sheet-open")) sheet.classList.remove("sheet-open");
});
