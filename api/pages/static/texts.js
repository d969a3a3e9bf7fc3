// Annotate and Check: the answer beside the text while it is typed or dropped, and a card for each marked term.
// The form is sent as it would be without scripts; of the page that comes back, the result is taken.
import { announce } from "./main.js";

const WAIT = 500;
const form = document.querySelector("form[data-live]");
const result = document.getElementById("result");
let asked = 0;
let timer = 0;
let underWay = null;

async function ask() {
  clearTimeout(timer);
  const number = ++asked;
  underWay?.abort();
  const texts = [...form.querySelectorAll("textarea")];
  if (texts.some((text) => !text.value.trim())) return hideCard(), result.replaceChildren();
  underWay = new AbortController();
  result.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), signal: underWay.signal, headers: { accept: "text/html" },
    });
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("result");
    if (number !== asked) return;
    hideCard();
    result.replaceChildren(...(made ?? failed(String(answer.status))).childNodes);
    const heading = result.querySelector("#r-terms");
    if (heading) announce(heading.textContent);
  } catch (error) {
    if (error.name === "AbortError" || number !== asked) return;
    result.replaceChildren(...failed(form.dataset.lost).childNodes);
  } finally {
    if (number === asked) result.removeAttribute("aria-busy");
  }
}

function failed(text) {
  const made = document.createElement("div");
  const line = document.createElement("p");
  line.className = "notice problem";
  line.setAttribute("role", "alert");
  line.textContent = text;
  made.append(line);
  return made;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

function fill(area, text) {
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function read(file, area) {
  if (!file) return;
  const most = Number(area.maxLength);
  const text = new TextDecoder().decode(await file.slice(0, most * 4 + 4).arrayBuffer());
  if (text.length > most) return result.replaceChildren(...failed(area.dataset.tooLarge.replace("{n}", most.toLocaleString())).childNodes);
  fill(area, text);
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;  // a file is asked for: the browser takes it
  event.preventDefault();
  ask();
});
form.addEventListener("input", (event) => { if (event.target.matches("textarea")) later(); });
form.addEventListener("change", (event) => {
  if (event.target.matches("select")) ask();
  if (event.target.matches("[data-file]")) read(event.target.files[0], document.getElementById(event.target.dataset.file));
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const samples = [button.dataset.fillWith, button.dataset.fillThen];
  button.dataset.fill.split(" ").forEach((id, place) => fill(document.getElementById(id), samples[place]));
});
for (const area of form.querySelectorAll("[data-drop]")) {
  area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    area.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    read(event.dataTransfer.files[0], area);
  });
}
addEventListener("pageshow", () => { if (!result.childElementCount && form.querySelector("textarea").value.trim()) ask(); });

// The card: what the list says of a term, beside the term.

const card = document.createElement("div");
card.className = "card-over";
card.id = "card";
card.hidden = true;
document.body.append(card);
let shownBy = null;
let leaving = 0;

function showCard(term) {
  clearTimeout(leaving);
  const said = document.querySelector(`#${CSS.escape(term.dataset.card)} .cardlike`);
  if (!said) return;
  hideCard();
  card.replaceChildren(...said.cloneNode(true).childNodes);
  card.hidden = false;
  const place = term.getBoundingClientRect();
  const width = Math.min(360, innerWidth - 16);
  card.style.width = `${width}px`;
  card.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8)) + scrollX}px`;
  const below = place.bottom + card.offsetHeight + 8 < innerHeight || place.top < card.offsetHeight + 8;
  card.style.top = `${(below ? place.bottom + 4 : place.top - card.offsetHeight - 4) + scrollY}px`;
  term.setAttribute("aria-describedby", "card");
  shownBy = term;
}

function hideCard() {
  card.hidden = true;
  shownBy?.removeAttribute("aria-describedby");
  shownBy = null;
}

function leave() { leaving = setTimeout(hideCard, 200); }

result.addEventListener("mouseover", (event) => { const term = event.target.closest(".term"); if (term) showCard(term); });
result.addEventListener("mouseout", (event) => { if (event.target.closest(".term")) leave(); });
result.addEventListener("focusin", (event) => { const term = event.target.closest(".term"); if (term) showCard(term); });
result.addEventListener("focusout", (event) => { if (event.target.closest(".term")) leave(); });
let touched = false;
result.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
result.addEventListener("click", (event) => {
  const term = event.target.closest(".term");
  if (!term || !touched) return;
  event.preventDefault();  // a tap shows the card; it has the link
  showCard(term);
});
card.addEventListener("mouseover", () => clearTimeout(leaving));
card.addEventListener("mouseout", leave);
document.addEventListener("click", (event) => { if (!event.target.closest(".term, .card-over")) hideCard(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideCard(); });
