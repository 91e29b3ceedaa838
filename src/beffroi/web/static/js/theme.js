// Day or night: the system's choice unless the reader made one. Runs before the page is drawn, so that nothing flashes.
(() => {
  const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  const remembered = () => {
    try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; }
  };
  let theme = remembered();

  function apply() {
    document.getElementById("dark-theme").media = MEDIA[theme] || MEDIA.auto;
    document.dispatchEvent(new Event("themechange"));
  }

  function name(button) {
    button.querySelector(".visually-hidden").textContent = button.dataset[theme];
    button.title = button.dataset[theme];
  }

  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-toggle");
    if (!button) return;
    button.hidden = false;
    name(button);
    button.addEventListener("click", () => {
      theme = NEXT[theme] || "auto";
      try { localStorage.setItem("theme", theme); } catch { /* a private window keeps it for this page only */ }
      apply();
      name(button);
    });
  });
})();
