// The drawer that explains a figure. Without this file the same links open a page.
(() => {
  const drawer = document.getElementById("why");
  const body = document.getElementById("why-body");
  if (!drawer || !window.htmx) return;
  let opener = null;

  function close() {
    drawer.hidden = true;
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }

  async function open(link) {
    if (!drawer.contains(link)) opener = link;
    drawer.hidden = false;
    drawer.setAttribute("aria-busy", "true");
    body.textContent = "";
    try {
      await htmx.ajax("GET", link.getAttribute("href"), { target: body, swap: "innerHTML" });
    } finally {
      drawer.removeAttribute("aria-busy");
    }
    if (!body.childNodes.length) body.textContent = body.dataset.failed;
    drawer.scrollTop = 0;
    drawer.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.why");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !drawer.hidden && !document.querySelector("dialog[open]")) close();
  });
  drawer.querySelector(".drawer-close").addEventListener("click", close);
})();
