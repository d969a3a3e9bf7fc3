// Before anything is painted: the theme that was chosen, and that scripts run (so that nothing moves when they do).
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch { /* no storage: the system's theme holds */ }
})();
