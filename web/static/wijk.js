// What pages gain with JavaScript. Every page works without: this file only makes it quicker or easier.
"use strict";

// --- A number between two buttons, said in words after each press.
function dressStepper(stepper) {
  const input = stepper.querySelector("input");
  const unit = stepper.querySelector(".wijk-stepper__unit");
  const buttons = stepper.querySelectorAll("[data-step]");
  const least = input.min === "" ? -Infinity : Number(input.min);
  const most = input.max === "" ? Infinity : Number(input.max);
  const pace = Number(input.step) || 1;

  const say = () => {
    const value = Number(input.value);
    unit.textContent = value === 1 ? stepper.dataset.unitOne : stepper.dataset.unitMany;
    buttons.forEach((button) => {
      const atEnd = Number(button.dataset.step) < 0 ? value <= least : value >= most;
      button.setAttribute("aria-disabled", String(atEnd));
    });
  };
  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = Number(input.value || 0) + pace * Number(button.dataset.step);
      input.value = Math.min(most, Math.max(least, next));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
  unit.setAttribute("aria-live", "polite");
  input.addEventListener("input", say);
  say();
}

// --- "Lees voor": the browser's own voice reads the main text, piece by piece. No voice, no button.
function readAloud() {
  const speech = window.speechSynthesis;
  const button = document.querySelector("[data-read-aloud]");
  if (!speech || !button) return;
  const language = document.documentElement.lang;
  const word = button.querySelector("span");
  const readWord = word.textContent;
  let pieces = [];

  const voice = () => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));
  const show = () => {
    button.hidden = !voice();
  };
  const stop = () => {
    pieces = [];
    speech.cancel();
    document.querySelectorAll(".wijk-reading").forEach((piece) => piece.classList.remove("wijk-reading"));
    word.textContent = readWord;
  };
  const next = () => {
    document.querySelectorAll(".wijk-reading").forEach((piece) => piece.classList.remove("wijk-reading"));
    const piece = pieces.shift();
    if (!piece) return stop();
    const said = new SpeechSynthesisUtterance(piece.innerText);
    said.voice = voice();
    said.lang = language;
    said.rate = 0.9;
    said.onend = () => pieces.length || speech.pending ? next() : stop();
    piece.classList.add("wijk-reading");
    piece.scrollIntoView({ block: "nearest" });
    speech.speak(said);
    return undefined;
  };
  button.addEventListener("click", () => {
    if (speech.speaking) return stop();
    const readable = "h1, h2, h3, p, li, dt, dd, label, legend, caption, th, td, button, a.utrecht-button-link";
    const all = [...document.querySelectorAll("main :is(" + readable + ")")];
    pieces = all.filter((piece) => piece.innerText.trim() && piece.offsetParent && !all.some((other) => other !== piece && other.contains(piece)));
    word.textContent = button.dataset.stop;
    return next();
  });
  speech.addEventListener?.("voiceschanged", show);
  window.addEventListener("pagehide", stop);
  show();
}

// --- A form goes once. The button stays in the form (its value counts) but says that it is busy.
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) {
    button.dataset.word = button.innerHTML;
    button.setAttribute("aria-disabled", "true");
    button.classList.add("wijk-busy");
    button.append(` (${document.body.dataset.busy})`);
  }
}

// Coming back with the browser's back button shows the page as it was sent: let it be sent again.
function letSendAgain() {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".wijk-busy").forEach((button) => {
      button.innerHTML = button.dataset.word;
      button.removeAttribute("aria-disabled");
      button.classList.remove("wijk-busy");
    });
  });
}

// --- Where the focus goes: to what is wrong, or to the heading of what has come.
function focusIn(root) {
  const place = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
  if (place) place.focus();
}

// --- The planning board: a visit that is dragged to another row or another time sends the form of its own page.
// The form asks the rules; what they refuse comes back in words. Without a mouse that page does the same.
function dressBoard(board) {
  const form = document.querySelector("[data-move-form]");
  const quarters = Number(board.dataset.quarters);
  let dragged = null;
  let grabbed = 0;

  const clockAt = (row, x) => {
    const head = row.querySelector("th").getBoundingClientRect();
    const wide = (row.getBoundingClientRect().width - head.width) / quarters;
    const most = quarters - Number(dragged.dataset.span);
    const quarter = Math.min(most, Math.max(0, Math.round((x - grabbed - head.right) / wide)));
    const minutes = 60 * Number(board.dataset.first) + 15 * quarter;
    return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const mark = (row) => {
    board.querySelectorAll(".wijk-board__target").forEach((one) => one.classList.remove("wijk-board__target"));
    row?.classList.add("wijk-board__target");
  };
  const send = (row, x) => {
    const from = dragged.closest("tr").dataset.worker;
    const time = clockAt(row, x);
    const words = { visit: dragged.textContent.trim(), worker: row.dataset.name, time };
    const ask = board.dataset.ask.replace(/\{(\w+)\}/g, (_all, name) => words[name]);
    if (!window.confirm(ask)) return;
    form.action = dragged.dataset.move;
    form.elements.versie.value = dragged.dataset.version;
    form.elements.van.value = from;
    form.elements.naar.value = from === row.dataset.worker ? "" : row.dataset.worker;
    form.elements.tijd.value = time;
    form.requestSubmit();
  };
  board.querySelectorAll("[data-move]").forEach((visit) => {
    visit.draggable = true;
    visit.addEventListener("dragstart", (event) => {
      dragged = visit;
      grabbed = event.clientX - visit.getBoundingClientRect().left;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", visit.textContent.trim());
    });
    visit.addEventListener("dragend", () => {
      dragged = null;
      mark(null);
    });
  });
  board.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr[data-worker]");
    if (!dragged || !row) return;
    event.preventDefault();
    mark(row);
  });
  board.addEventListener("drop", (event) => {
    const row = event.target.closest("tr[data-worker]");
    if (!dragged || !row) return;
    event.preventDefault();
    send(row, event.clientX);
  });
}

function dress(root) {
  root.querySelectorAll("[data-board]").forEach(dressBoard);
  root.querySelectorAll("[data-stepper]").forEach(dressStepper);
  root.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", letSendAgain);
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
  letSendAgain();
});
document.addEventListener("htmx:afterSwap", (event) => {
  dress(event.detail.target);
  focusIn(event.detail.target);
});

dress(document);
readAloud();
focusIn(document);
