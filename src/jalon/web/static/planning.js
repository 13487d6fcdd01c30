// The planning grid: a cell is saved when it is left, keys go from cell to cell, a block
// from a spreadsheet is pasted, Ctrl+Z undoes. Without this file the grid has a button.
"use strict";
(() => {
  const grid = document.getElementById("grid");
  const tools = document.getElementById("grid-tools");
  if (!grid || !tools) return;
  const said = document.getElementById("grid-said");
  const token = tools.querySelector("[name=csrfmiddlewaretoken]").value;
  let queue = Promise.resolve();

  const tell = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };
  const place = (input) => [
    input.closest("tr").id,
    [...input.closest("tr").querySelectorAll("input.cell")].indexOf(input),
  ];
  const cellAt = (row, rank) =>
    row ? row.querySelectorAll("input.cell")[rank] : undefined;

  const show = (text) => {
    const held = document.activeElement?.matches?.("input.cell") ? place(document.activeElement) : null;
    const typed = held ? document.activeElement.value : "";
    const dirty = held ? typed !== document.activeElement.defaultValue : false;
    const parsed = new DOMParser().parseFromString(text, "text/html");
    parsed.querySelectorAll("tr[id]").forEach((row) => {
      const old = document.getElementById(row.id);
      if (old && grid.contains(old)) old.replaceWith(document.adoptNode(row));
    });
    if (held) {
      const again = cellAt(document.getElementById(held[0]), held[1]);
      if (again) {
        again.focus();
        if (dirty) again.value = typed;
        else again.select();
      }
    }
  };

  const post = (fields) => {
    const body = new URLSearchParams([["csrfmiddlewaretoken", token], ...fields]);
    queue = queue.then(async () => {
      const answer = await fetch(grid.dataset.edit, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "planning" },
      });
      const text = await answer.text();
      if (answer.ok) {
        tell("");
        show(text);
      } else {
        tell(answer.status === 422 ? text : answer.statusText);
      }
      return answer.ok;
    }).catch((error) => { tell(String(error)); return false; });
    return queue;
  };

  const save = async (input) => {
    if (input.value === input.defaultValue || input.readOnly) return;
    const owner = input.closest("tr").dataset.owner;
    const fields = input.dataset.kind === "total"
      ? [["do", "total"], ["owner", owner], ["text", input.value || "0"], ["spread", tools.elements.spread.value]]
      : [["do", "cells"], ["owner", owner], ["month", input.dataset.month], ["text", input.value], ["seen", input.closest("tr").dataset.seen]];
    const former = input.defaultValue;
    input.defaultValue = input.value;
    if (!(await post(fields)) && input.isConnected) {
      input.value = former;
      input.defaultValue = former;
    }
  };

  const beside = (input, down, right) => {
    let row = input.closest("tr");
    const rank = place(input)[1] + right;
    for (let step = Math.abs(down); step > 0 && row; step -= 1) {
      do {
        row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      } while (row && !cellAt(row, 0));
    }
    return cellAt(row, rank);
  };

  const go = (event, target) => {
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.select();
  };

  let entered = null;
  grid.addEventListener("focusin", (event) => {
    if (!event.target.matches("input.cell")) return;
    entered = event.target;
    event.target.select();
    tools.elements.owner.value = event.target.closest("tr").dataset.owner;
    tools.elements.month.value = event.target.dataset.month ?? "";
  });
  grid.addEventListener("click", (event) => {
    if (event.target === entered) event.target.select();
    entered = null;
  });
  grid.addEventListener("change", (event) => {
    if (event.target.matches("input.cell")) save(event.target);
  });
  grid.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches("input.cell")) return;
    const start = input.selectionStart === 0;
    const end = input.selectionEnd === input.value.length;
    if (event.key === "Enter") {
      event.preventDefault();
      save(input);
      go(event, beside(input, event.shiftKey ? -1 : 1, 0));
    } else if (event.key === "ArrowDown") go(event, beside(input, 1, 0));
    else if (event.key === "ArrowUp") go(event, beside(input, -1, 0));
    else if (event.key === "ArrowRight" && end) go(event, beside(input, 0, 1));
    else if (event.key === "ArrowLeft" && start) go(event, beside(input, 0, -1));
    else if (event.key === "Escape") {
      input.value = input.defaultValue;
      input.select();
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && input.value === input.defaultValue) {
      event.preventDefault();
      post([["do", "undo"]]);
    }
  });
  grid.addEventListener("paste", (event) => {
    const input = event.target;
    if (!input.matches("input.cell[data-month]")) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const owners = [];
    let row = input.closest("tr");
    const seen = [...grid.querySelectorAll("tr[data-seen]")].map((one) => Number(one.dataset.seen));
    for (let left = text.split("\n").length; left > 0 && row; row = row.nextElementSibling) {
      if (!cellAt(row, 0)) continue;
      owners.push(["owner", row.dataset.owner]);
      left -= 1;
    }
    post([["do", "cells"], ["month", input.dataset.month], ["text", text], ["seen", Math.min(...seen)], ...owners]);
  });
  tools.addEventListener("submit", (event) => {
    const chosen = event.submitter?.value;
    if (!["lock", "unlock", "total", "undo"].includes(chosen)) return;
    event.preventDefault();
    const fields = [["do", chosen], ["owner", tools.elements.owner.value]];
    if (chosen === "total") fields.push(["text", ""], ["spread", tools.elements.spread.value]);
    else if (chosen !== "undo") fields.push(["month", tools.elements.month.value]);
    post(fields);
  });
})();
