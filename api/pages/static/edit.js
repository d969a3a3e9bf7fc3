// Forms on which somebody edits: they are sent as they would be without scripts, and of the page that comes back the part
// is taken that answers; what was typed stays where it is.
import { announce } from "./main.js";

const WAIT = 700;

function sent(form, button) {
  const data = new FormData(form);
  data.append("part", form.dataset.part);
  if (button?.name) data.append(button.name, button.value);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

class Live {
  constructor(form) {
    this.form = form;
    this.part = document.getElementById(form.dataset.part);
    this.asked = 0;
    this.timer = 0;
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button?.hasAttribute("formaction") || button?.hasAttribute("formtarget") || button?.hasAttribute("data-whole")) return;
      event.preventDefault();
      this.ask(button, true);
    });
    if ("check" in form.dataset) {
      form.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), WAIT); });
    }
    for (const place of form.querySelectorAll("[data-drop]")) this.drops(place, document.getElementById(place.dataset.drop));
  }

  look() {
    if (!this.part.querySelector(".sides")) this.ask(this.form.querySelector("button[value=check]"), false);  // a conflict stays to be seen
  }

  async ask(button, wanted) {
    clearTimeout(this.timer);
    const number = ++this.asked;
    this.underWay?.abort();
    this.underWay = new AbortController();
    this.part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: sent(this.form, button), signal: this.underWay.signal, headers: { accept: "text/html" } });
      if (number !== this.asked) return;
      if (answer.redirected) return location.assign(answer.url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== this.asked) return;
      this.show(page, wanted, String(answer.status));
    } catch (error) {
      if (error.name === "AbortError" || number !== this.asked) return;
      this.told(this.form.dataset.lost);
    } finally {
      if (number === this.asked) this.part.removeAttribute("aria-busy");
    }
  }

  show(page, wanted, status) {
    const made = page.getElementById(this.part.id);
    if (!made) return this.told(page.querySelector("h1")?.textContent ?? status);
    this.part.replaceChildren(...made.childNodes);
    const proof = page.querySelector("[data-proof]");
    const old = this.form.querySelector("[data-proof]");
    if (proof && old && !old.querySelector("[type=password]")?.value) old.replaceWith(proof);
    for (const name of this.form.dataset.keep?.split(" ") ?? []) {
      const kept = this.form.elements[name], now = page.querySelector(`[name="${name}"]`);
      if (kept && now) kept.value = now.value;
    }
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const link of this.part.querySelectorAll(".problems a")) this.form.elements[link.hash.slice(1)]?.setAttribute("aria-invalid", "true");
    const heading = this.part.querySelector("[role=alert], h2");
    if (heading) announce(heading.textContent);
    if (wanted) { this.part.focus({ preventScroll: true }); this.part.scrollIntoView({ block: "nearest" }); }
  }

  told(text) {
    const line = document.createElement("p");
    line.className = "notice problem";
    line.setAttribute("role", "alert");
    line.textContent = text;
    this.part.replaceChildren(line);
  }

  drops(place, input) {
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("over");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
      this.form.requestSubmit();
    });
  }
}

for (const form of document.querySelectorAll("form[data-part]")) new Live(form);
