/** Scoring by keyboard, a timer that stops when nobody looks, and marks of what is answered.
 *
 * Keys act only while no text is being typed and no other control has the focus that would
 * need them, and they can be switched off on this device. No level is ever suggested.
 */

const KEYS_OFF = "assay-keys-off";
const form = document.querySelector("[data-workspace]");
const criteria = [...form.querySelectorAll("[data-criterion]")];
const dialog = document.getElementById("keys");
const switchBox = dialog.querySelector("[data-keys-on]");
let current = -1;

function keysAreOn() {
  return localStorage.getItem(KEYS_OFF) === null;
}

function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input") && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

function mark(index) {
  current = index;
  criteria.forEach((one, place) => one.classList.toggle("is-current", place === index));
  for (const link of document.querySelectorAll("[data-jump]")) {
    const isHere = index >= 0 && link.dataset.jump === criteria[index].dataset.criterion;
    link.classList.toggle("is-current", isHere);
  }
}

function go(step) {
  const next = Math.min(Math.max(current + step, 0), criteria.length - 1);
  mark(next);
  criteria[next].focus({ preventScroll: true });
  criteria[next].scrollIntoView({ block: "start" });
}

function here() {
  if (current < 0) mark(0);
  return criteria[current];
}

function choose(level) {
  const radio = here().querySelector(`[data-level="${level}"]`);
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.focus();
  return true;
}

function openReasons() {
  const details = here().querySelector("details");
  details.open = true;
  details.querySelector("input").focus();
}

function toEvidence() {
  const link = here().querySelector(".criterion-claims a");
  if (link) link.click();
}

const ACTIONS = {
  j: () => go(1),
  ArrowRight: () => go(1),
  k: () => go(-1),
  ArrowLeft: () => go(-1),
  0: openReasons,
  e: toEvidence,
  r: () => here().querySelector("textarea").focus(),
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!keysAreOn() || dialog.open || isTyping(event.target)) return;
  const isOnMedia = event.target instanceof HTMLMediaElement;
  const isOnRadio = event.target instanceof HTMLInputElement && event.target.type === "radio";
  // Arrows keep their own meaning on players and lists of choices.
  if (event.key.startsWith("Arrow") && (isOnMedia || isOnRadio)) return;
  if (/^[1-9]$/.test(event.key)) {
    if (choose(event.key)) event.preventDefault();
    return;
  }
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

form.addEventListener("focusin", (event) => {
  const index = criteria.findIndex((one) => one.contains(event.target));
  if (index >= 0) mark(index);
});

form.addEventListener("change", () => {
  for (const one of criteria) {
    const link = document.querySelector(`[data-jump="${one.dataset.criterion}"]`);
    const isDone = one.querySelector("input[type=radio]:checked") !== null;
    link.classList.toggle("is-done", isDone);
    link.querySelector("[data-jump-words]").textContent = isDone ? " answered" : " open";
  }
});

for (const button of document.querySelectorAll("[data-open-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
switchBox.checked = keysAreOn();
switchBox.addEventListener("change", () => {
  if (switchBox.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

const seconds = form.querySelector("[data-seconds]");
const shown = form.querySelector("[data-timer-minutes]");
let spent = Number(shown.dataset.before);

function showTime() {
  const minutes = Math.floor(spent / 60);
  shown.textContent = minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

setInterval(() => {
  if (document.hidden) return;
  spent += 1;
  seconds.value = String(Number(seconds.value) + 1);
  showTime();
}, 1000);
showTime();
form.querySelector("[data-timer]").hidden = false;
