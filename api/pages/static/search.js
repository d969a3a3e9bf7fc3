// The search box: entries that match as you type, in the combobox pattern of the WAI-ARIA Authoring Practices
// (editable, with a list popup, without autocompletion of the text).
import { announce } from "./main.js";

const WAIT = 120;

class Combobox {
  constructor(form) {
    this.form = form;
    this.box = form.querySelector("input[type=search]");
    this.list = form.querySelector("[role=listbox]");
    this.asked = 0;      // number of the last question asked
    this.active = -1;
    this.timer = 0;
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.setAttribute("aria-expanded", "false");
    this.box.addEventListener("input", () => this.later());
    this.box.addEventListener("compositionend", () => this.later());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.close());
    this.box.addEventListener("focus", () => { if (this.options().length && this.shownFor === this.question()) this.open(); });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());  // the box keeps the focus
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event));
    addEventListener("pageshow", () => this.close());
  }

  question() { return this.box.value.trim(); }
  options() { return [...this.list.querySelectorAll("[role=option]")]; }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const question = this.question();
    const number = ++this.asked;
    this.underWay?.abort();
    if (!question) return this.empty();
    this.underWay = new AbortController();
    const address = new URL(this.form.dataset.suggestions, location.href);
    for (const [name, value] of new FormData(this.form)) address.searchParams.set(name, name === "q" ? question : value);
    try {
      const answer = await fetch(address, { signal: this.underWay.signal, headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (number !== this.asked) return;  // a later question has been asked
      this.show(text, question);
    } catch (error) {
      if (error.name === "AbortError" || number !== this.asked) return;
      this.empty();
      announce(this.form.dataset.lost);
      this.note(this.form.dataset.lost);
    }
  }

  show(text, question) {
    const made = new DOMParser().parseFromString(text, "text/html");  // nothing in it runs
    this.list.replaceChildren(...made.body.children);
    this.shownFor = question;
    this.mark(-1);
    const total = Number(this.list.querySelector(".count")?.dataset.total ?? 0);
    if (total) this.open(); else this.note(this.form.dataset.none);
    announce(total === 1 ? this.form.dataset.countOne : total ? this.form.dataset.count.replace("{n}", total) : this.form.dataset.none);
  }

  note(text) {
    const line = document.createElement("div");
    line.className = "count";
    line.setAttribute("role", "presentation");
    line.textContent = text;
    this.list.replaceChildren(line);
    this.list.hidden = document.activeElement !== this.box;
    this.box.setAttribute("aria-expanded", "false");
  }

  empty() {
    this.list.replaceChildren();
    this.shownFor = undefined;
    this.close();
  }

  open() {
    if (document.activeElement !== this.box) return;
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(place) {
    const options = this.options();
    this.active = place;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (place < 0) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const options = this.options();
    const open = !this.list.hidden && options.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      this.open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = options.length + 1;  // one more: the box itself
      this.mark(((this.active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.go(options[this.active], event);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.list.hidden) this.close();
      else { this.box.value = ""; clearTimeout(this.timer); this.asked += 1; this.empty(); }
    }
  }

  go(option, event) {
    if (!option) return;
    if (event.ctrlKey || event.metaKey) window.open(option.dataset.href, "_blank", "noopener");
    else location.href = option.dataset.href;
  }
}

for (const form of document.querySelectorAll("form[data-combobox]")) new Combobox(form);
