// Ctrl-K: type, move with the arrows, Enter goes there. Without a choice, Enter opens the search page.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog || !dialog.showModal) return;
  const form = dialog.querySelector("form");
  const input = dialog.querySelector("input[type=search]");
  const results = document.getElementById("palette-results");
  const options = () => [...results.querySelectorAll("a[href]")];
  let place = -1;
  let waiting = 0;
  let asked = 0;

  function mark(next) {
    const all = options();
    place = all.length ? (next + all.length) % all.length : -1;
    all.forEach((option, rank) => option.setAttribute("aria-selected", String(rank === place)));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  }

  function show(html) {
    results.innerHTML = html;
    results.setAttribute("role", "listbox");
    results.setAttribute("aria-label", dialog.getAttribute("aria-label"));
    options().forEach((option, rank) => {
      option.id = `palette-option-${rank}`;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
    });
    input.setAttribute("aria-expanded", String(options().length > 0));
    mark(-1);
    place = -1;
    options().forEach((option) => option.setAttribute("aria-selected", "false"));
    input.removeAttribute("aria-activedescendant");
    results.scrollTop = 0;
  }

  async function search() {
    const words = input.value.trim();
    const turn = ++asked;
    if (words.length < 2) return show("");
    const address = new URL(form.action);
    address.searchParams.set("q", words);
    address.searchParams.set("fragment", "1");
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (answer.ok && turn === asked) show(await answer.text());
  }

  function open() {
    dialog.showModal();
    input.select();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!dialog.open) open();
    }
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(place + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(place < 0 ? -1 : place - 1); }
    if (event.key === "Enter" && place >= 0) { event.preventDefault(); options()[place].click(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
