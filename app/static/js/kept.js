// What was typed and could not be sent, kept on this device and offered back on the same page.

const DAYS = 7;
const PREFIX = "assay-kept:";
let isSigningOut = false;
const NOT_TEXT = new Set(["hidden", "file", "password", "submit", "button"]);

export class KeptText {
  constructor(form) {
    this.form = form;
    this.key = PREFIX + form.dataset.autosave;
  }

  controls() {
    return [...this.form.elements].filter(
      (control) => control.name && control.tagName !== "FIELDSET" && !NOT_TEXT.has(control.type),
    );
  }

  // Store what a control held, by name and place among those of that name.
  keep() {
    if (isSigningOut) return;
    const values = this.controls().map((control) => [control.name, state(control)]);
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), values }));
    } catch {
      // Storage is full or forbidden: the text is still on the page.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept where storage is forbidden.
    }
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      const isFresh = kept && Date.now() - kept.at < DAYS * 86400000;
      return isFresh && Array.isArray(kept.values) ? kept : null;
    } catch {
      return null;
    }
  }

  // Ask whether to put back what was kept, when it differs from what the page holds now.
  offer(onRestored) {
    const kept = this.read();
    if (!kept) return;
    const controls = this.controls();
    const pairs = matched(controls, kept.values);
    if (!pairs.some(([control, value]) => !isSame(state(control), value))) {
      this.forget();
      return;
    }
    const bar = this.bar(new Date(kept.at));
    bar.querySelector("[data-restore]").addEventListener("click", () => {
      for (const [control, value] of pairs) restore(control, value);
      bar.remove();
      onRestored();
    });
    bar.querySelector("[data-discard]").addEventListener("click", () => {
      this.forget();
      bar.remove();
    });
    this.form.prepend(bar);
  }

  bar(at) {
    const bar = document.createElement("div");
    bar.className = "kept-text";
    bar.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `Text from ${at.toLocaleString()} was kept on this device because it could not be saved.`;
    bar.append(words, button("Put it back", "restore", "primary"), button("Throw it away", "discard", "quiet"));
    return bar;
  }
}

// For whoever signs out: nothing stays, and nothing is kept while the page goes away.
export function forgetAll() {
  isSigningOut = true;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept where storage is forbidden.
  }
}

function button(label, act, kind) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button is-${kind}`;
  made.setAttribute(`data-${act}`, "");
  made.textContent = label;
  return made;
}

function isTicked(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function state(control) {
  if (isTicked(control)) return control.checked;
  if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
  return control.value;
}

function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function restore(control, value) {
  if (isTicked(control)) control.checked = value;
  else if (control.multiple) for (const option of control.options) option.selected = value.includes(option.value);
  else control.value = value;
}

// Pair controls with kept values by name, the first of a name with the first, and so on.
function matched(controls, values) {
  const left = new Map();
  for (const [name, value] of values) left.set(name, [...(left.get(name) || []), value]);
  return controls
    .filter((control) => (left.get(control.name) || []).length > 0)
    .map((control) => [control, left.get(control.name).shift()]);
}

window.addEventListener("pageshow", () => {
  isSigningOut = false;
});
