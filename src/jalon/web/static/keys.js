// Keyboard: / searches, ? shows the shortcuts, g then a letter goes to a screen.
// Nothing here is needed: every screen has its link, search and shortcuts their pages.
"use strict";
(() => {
  const sheet = document.getElementById("sheet");
  let waiting = false;
  let timer = 0;
  let asked = 0;
  const typing = (target) =>
    target.closest("input, textarea, select, [contenteditable]") !== null;
  const read = async (address) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(address);
    return answer.text();
  };
  const open = (address) => {
    if (!sheet || sheet.open) return;
    read(address).then((text) => {
      sheet.innerHTML = text;
      sheet.showModal();
      const field = sheet.querySelector("input");
      if (field) field.focus();
    }).catch(() => { location.href = address; });
  };
  const list = (form) => {
    const field = form.querySelector("input");
    const mine = (asked += 1);
    read(`${form.getAttribute("action")}?q=${encodeURIComponent(field.value)}`)
      .then((text) => {
        if (mine === asked) form.parentElement.querySelector(".found").innerHTML = text;
      })
      .catch(() => {});
  };
  const step = (event) => {
    const links = [...sheet.querySelectorAll(".found a")];
    if (!links.length) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement);
    const to = event.key === "ArrowDown" ? at + 1 : at - 1;
    const field = sheet.querySelector("input");
    (to < 0 ? field : links[Math.min(to, links.length - 1)]).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (sheet && sheet.open) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event);
      return;
    }
    if (typing(event.target)) return;
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
    } else if (sheet && (event.key === "/" || event.key === "?")) {
      event.preventDefault();
      open(event.key === "/" ? sheet.dataset.search : sheet.dataset.shortcuts);
    } else if (event.key === "Escape") {
      document.querySelectorAll("header details[open]").forEach((one) => {
        one.open = false;
        one.querySelector("summary").focus();
      });
    }
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-search-form]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => list(form), 120);
  });
  document.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
    const opener = event.target.closest("[data-open]");
    if (opener && sheet && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(opener.href);
    }
    document.querySelectorAll("header details[open]").forEach((one) => {
      if (!one.contains(event.target)) one.open = false;
    });
  });
})();
