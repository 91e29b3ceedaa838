// Small comforts: rows that become cards on a phone, the section one reads, the errors of a form, open menus.
(() => {
  function nameCell(cell, head) {
    if (!cell.textContent.trim() && !cell.childElementCount) return;
    cell.dataset.label = head;
    if (cell.childNodes.length < 2 || cell.classList.contains("cluster")) return;
    const whole = document.createElement("div"); // a card sets the label beside one thing, not beside each piece of a sentence
    whole.append(...cell.childNodes);
    cell.append(whole);
  }

  function nameRow(row, heads) {
    const spans = [...row.cells].map((cell) => cell.colSpan);
    if (spans.reduce((sum, span) => sum + span, 0) !== heads.length) return;
    [...row.cells].forEach((cell, rank) => {
      const at = spans.slice(0, rank).reduce((sum, span) => sum + span, 0);
      if (cell.tagName === "TD" && cell.colSpan === 1 && !cell.dataset.label) nameCell(cell, heads[at]);
    });
  }

  function nameCells(root) {
    root.querySelectorAll("table.data:not(.data-wide)").forEach((table) => {
      const heads = [...table.querySelectorAll("thead tr:last-child > *")].map((head) => head.textContent.trim());
      table.querySelectorAll("tbody tr, tfoot tr").forEach((row) => nameRow(row, heads));
    });
  }

  function followSections() {
    const links = [...document.querySelectorAll(".side-index a[href^='#']")];
    if (!links.length || !window.IntersectionObserver) return;
    const seen = new IntersectionObserver((entries) => {
      const shown = entries.find((entry) => entry.isIntersecting);
      if (shown) links.forEach((link) => link.classList.toggle("here", link.hash === `#${shown.target.id}`));
    }, { rootMargin: "0px 0px -70% 0px" });
    links.forEach((link) => { const target = document.getElementById(link.hash.slice(1)); if (target) seen.observe(target); });
  }

  function closeMenus(event) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
      if (event.type === "click" && !menu.contains(event.target)) menu.open = false;
    });
  }

  function printWhole() {
    document.querySelectorAll("main details:not([open])").forEach((part) => { part.open = true; });
  }

  nameCells(document);
  followSections();
  document.querySelector(".form-errors")?.focus();
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  window.addEventListener("beforeprint", printWhole);
  document.addEventListener("htmx:afterSwap", (event) => nameCells(event.target));
})();
