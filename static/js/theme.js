// Auto, light or dark: set before the first paint, kept in this browser. The one script that is not a module, for that
// reason.
(() => {
  const KEY = "theme";
  const root = document.documentElement;

  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return value === "light" || value === "dark" ? value : "auto";
    } catch {
      return "auto"; // storage is forbidden here: follow the system
    }
  }

  function apply(choice) {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
    for (const button of document.querySelectorAll("[data-theme-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }

  function choose(choice) {
    try {
      if (choice === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      /* the choice then lasts as long as the page */
    }
    apply(choice);
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const control = document.getElementById("~theme-switch");
    if (!control) return;
    control.hidden = false;
    apply(stored());
    control.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-theme-choice]")?.dataset.themeChoice;
      if (choice) choose(choice);
    });
  });
  addEventListener("storage", (event) => event.key === KEY && apply(stored()));
})();
