// The visit's form: offers whom one may mean, says who saw them, and keeps on the device what the network does not take.
(() => {
  const form = document.getElementById("visit-form");
  const device = window.beffroiDevice;
  if (!form || !device) return;
  const field = (name) => form.elements.namedItem(name);
  const offered = document.getElementById("who-offered");
  const seen = document.getElementById("who-seen");
  const told = document.getElementById("visit-told");
  const choice = document.getElementById("week-choice");
  let typing = 0;
  let asked = 0;
  let resumed = ""; // what waits on the device and is corrected here

  function today() {
    const now = new Date();
    return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  function tell(text, good) {
    told.textContent = text;
    told.className = `message message-${good ? "success" : "warning"}`;
    told.hidden = !text;
  }

  async function fragment(address, name, value) {
    const asking = new URL(address, location.href);
    asking.searchParams.set(name, value);
    try {
      const answer = await fetch(asking, { redirect: "manual" });
      return answer.ok ? await answer.text() : "";
    } catch {
      return "";
    }
  }

  async function sayWhoSaw() {
    const about = field("about").value;
    seen.innerHTML = about ? await fragment(form.dataset.seen, "about", about) : "";
  }

  function choose(about, who, visit) {
    field("about").value = about;
    field("who").value = who;
    field("visit").value = visit || "";
    offered.replaceChildren();
    sayWhoSaw();
  }

  async function offer() {
    const words = field("who").value.trim();
    const turn = ++asked;
    if (words.length < 2) return offered.replaceChildren();
    const html = await fragment(form.dataset.offer, "q", words);
    if (turn === asked && !field("about").value) offered.innerHTML = html;
  }

  function start() {
    form.reset();
    resumed = "";
    for (const one of form.querySelectorAll(".carried")) one.remove();
    field("client_id").value = device.fresh();
    field("on").value = today();
    choose("", "");
    if (choice) choice.value = "";
  }

  function said() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || value === "") continue;
      fields[name] = name in fields ? [].concat(fields[name], value) : value;
    }
    return fields;
  }

  // What this page has no field for, another guide's answers among them, leaves with the rest.
  function carry(fields) {
    for (const [name, values] of Object.entries(fields)) {
      if (form.elements.namedItem(name)) continue;
      for (const value of [].concat(values)) {
        const made = Object.assign(document.createElement("input"), { type: "hidden", className: "carried", name, value });
        form.append(made);
      }
    }
  }

  function write(fields) {
    for (const one of form.querySelectorAll(".carried")) one.remove();
    for (const control of form.elements) {
      if (!control.name || control.name === "csrfmiddlewaretoken") continue;
      const values = [].concat(fields[control.name] ?? []);
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
      const part = control.closest("details");
      if (part && values.length && values[0] !== "") part.open = true;
    }
    carry(fields);
    sayWhoSaw();
  }

  async function submit() {
    const fields = said();
    const visit = { id: resumed || fields.client_id, user: device.user, at: Date.now(), title: fields.who, fields };
    try {
      await device.keep(visit);
    } catch {
      return form.submit(); // no room on the device: the page is sent as without a script
    }
    const outcome = await device.flush(visit.id).catch(() => ({ state: "offline" }));
    if (outcome.state === "sent") return location.assign(outcome.address);
    if (outcome.state === "refused") {
      resumed = visit.id;
      if (outcome.code === "number_taken") field("client_id").value = device.fresh();
      return tell(outcome.sentences.join(" "), false);
    }
    start();
    window.scrollTo({ top: 0 });
    tell(outcome.state === "expired" ? form.dataset.expired : form.dataset.kept, outcome.state !== "expired");
    document.getElementById("content").prepend(told);
  }

  async function open() {
    const waiting = location.hash.length > 1 ? await device.kept(location.hash.slice(1)) : null;
    if (waiting) {
      resumed = waiting.id;
      return write(waiting.fields);
    }
    field("client_id").value = device.fresh();
    const asking = new URLSearchParams(location.search);
    const wanted = choice && [...choice.options].find((one) => one.dataset.about && (one.dataset.visit === asking.get("visit") || one.dataset.about === asking.get("about")));
    if (wanted && !field("about").value) choose(wanted.dataset.about, wanted.dataset.who, wanted.dataset.visit);
    if (field("on").value === field("on").defaultValue && !document.querySelector(".form-errors")) field("on").value = today();
  }

  if (choice) {
    document.getElementById("from-week").hidden = false;
    choice.addEventListener("change", () => {
      const one = choice.selectedOptions[0].dataset;
      choose(one.about || "", one.who || "", one.visit);
    });
  }
  field("who").addEventListener("input", () => {
    field("about").value = field("visit").value = "";
    seen.replaceChildren();
    clearTimeout(typing);
    typing = setTimeout(offer, 150);
  });
  offered.addEventListener("click", (event) => {
    const one = event.target.closest("button[data-about]");
    if (one) choose(one.dataset.about, one.dataset.who);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  window.addEventListener("hashchange", open);
  open();
})();
