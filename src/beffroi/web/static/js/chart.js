// Draws the Vega-Lite specifications that a page carries, without eval, in the colours of the page. The libraries are fetched
// only where there is a chart. Once the picture is drawn its table closes, one key away.
(() => {
  const sources = document.currentScript.dataset;
  const HEAVY = 400000; // characters of a specification: thousands of shapes, which one picture draws faster than as many elements
  let ready = null;

  const script = (address) => new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = address;
    tag.onload = resolve;
    tag.onerror = reject;
    document.head.append(tag);
  });

  async function fetchLibraries() {
    await script(sources.vega);
    await script(sources.interpreter);
    await script(sources.lite);
    await script(sources.embed);
    await Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 13px "Source Sans 3"`)));
    return (await fetch(sources.theme)).json();
  }

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // The theme names tokens as "--ink": by day and by night the page says which colour that is.
  // The outlines of a map are most of it, and have no colour.
  function coloured(part) {
    if (Array.isArray(part)) return part.map(coloured);
    if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === "geometry" ? value : coloured(value)]));
    return typeof part === "string" && part.startsWith("--") ? colour(part.slice(2)) : part;
  }

  const locales = {
    fr: {
      formatLocale: { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0€"], percent: "\u00a0%" },
      timeFormatLocale: {
        dateTime: "%A %e %B %Y à %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
        days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
      },
    },
  };

  async function draw(picture) {
    const theme = await (ready ??= fetchLibraries());
    const written = document.getElementById(picture.dataset.chart).textContent;
    const spec = JSON.parse(written);
    const { tokens, ...config } = theme;
    picture.hidden = false;
    try {
      await vegaEmbed(picture, { ...coloured(spec), config: coloured(config) }, {
        ast: true, expr: window.vegaInterpreter, renderer: written.length > HEAVY ? "canvas" : "svg", actions: false, defaultStyle: false,
        tooltip: { disableDefaultStyle: true, theme: "" }, ...locales[document.documentElement.lang],
      });
    } catch (error) {
      picture.hidden = true;
      throw error;
    }
    const details = picture.closest(".chart")?.querySelector(".chart-table");
    if (details && !picture.dataset.drawn) details.open = false;
    picture.dataset.drawn = "1";
  }

  function drawAll(root) {
    root.querySelectorAll("[data-chart]").forEach((picture) => draw(picture).catch((error) => console.error(error)));
  }

  drawAll(document);
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
  document.addEventListener("themechange", () => drawAll(document));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
})();
