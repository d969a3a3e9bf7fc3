// What every page can do: switch the theme, copy, speak, go to the search box with "/", remember the language.

const says = document.getElementById("says");

/** Tell readers who do not see the page. */
export function announce(text) {
  says.textContent = "";
  requestAnimationFrame(() => { says.textContent = text; });
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it holds for this page */ }
}

async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");  // where the page is not served over TLS
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.classList.add("done");
  announce(`✓ ${text}`);
  setTimeout(() => button.classList.remove("done"), 1500);
}

function speak(button) {
  const spoken = new SpeechSynthesisUtterance(button.dataset.listen);
  spoken.lang = button.dataset.listenLang;
  spoken.voice = voiceFor(spoken.lang) ?? null;
  spoken.rate = 0.85;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

function voiceFor(lang) {
  const voices = speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").startsWith("zh"));
  return voices.find((voice) => voice.lang.replace("_", "-") === lang) ?? voices[0];
}

function offerSpeech() {
  const buttons = document.querySelectorAll("[data-listen]");
  const known = "speechSynthesis" in window && voiceFor("zh-CN");
  buttons.forEach((button) => button.classList.toggle("ready", Boolean(known)));
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-copy],[data-listen],[data-theme-switch],[data-lang]");
  if (!target) return;
  if ("copy" in target.dataset) copy(target);
  else if ("listen" in target.dataset) speak(target);
  else if ("themeSwitch" in target.dataset) switchTheme();
  else document.cookie = `lang=${target.dataset.lang}; path=/; max-age=31536000; samesite=lax`;
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input,textarea,select,[contenteditable]");
  const box = document.getElementById("q");
  if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});

offerSpeech();
if ("speechSynthesis" in window) speechSynthesis.addEventListener?.("voiceschanged", offerSpeech);
