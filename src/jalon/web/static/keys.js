// Keyboard: g then a letter goes to a screen of the menu, / to the search of the page.
// Nothing here is needed: every screen has its link, every field its label.
"use strict";
(() => {
  let waiting = false;
  let timer = 0;
  const typing = (target) =>
    target.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waiting) {
      waiting = false;
      const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
    } else if (event.key === "g") {
      waiting = true;
      clearTimeout(timer);
      timer = setTimeout(() => { waiting = false; }, 1500);
    } else if (event.key === "/") {
      const field = document.querySelector("main input[type=search], main [data-search]");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    } else if (event.key === "Escape") {
      document.querySelectorAll("header details[open]").forEach((one) => {
        one.open = false;
        one.querySelector("summary").focus();
      });
    }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("header details[open]").forEach((one) => {
      if (!one.contains(event.target)) one.open = false;
    });
  });
})();
