// Saves a form a moment after each change, says so, and never loses what was typed.
//
// <form data-autosave="URL"> is posted whole; the answer's `fields` go into hidden inputs and its
// `html` replaces fragments of the page. What could not be sent is kept on this device and offered
// back at the next load, for seven days. Without this module the form's own button saves.

import { KeptText, forgetAll } from "./kept.js";
import { replaceFragments } from "./fragments.js";
import { csrfToken } from "./token.js";

const PAUSE = 1500;
const RETRY = 10000;
const SIGNED_OUT = new Set([401, 403]);
// What sending the same again cannot change.
const REFUSED = new Set([409, 413, 422]);

class Autosave {
  constructor(form) {
    this.form = form;
    this.kept = new KeptText(form);
    this.status = this.findStatus();
    this.timer = 0;
    this.isSending = false;
    this.isDirty = false;
    form.addEventListener("input", (event) => this.onChange(event));
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("submit", () => this.onSubmit());
    window.addEventListener("online", () => this.isDirty && this.save());
    document.addEventListener("visibilitychange", () => this.onHidden());
    window.addEventListener("pagehide", () => this.isDirty && this.kept.keep());
    this.kept.offer(() => this.onRestored());
  }

  findStatus() {
    const outside = this.form.id && document.querySelector(`[data-autosave-status="${this.form.id}"]`);
    const found = this.form.querySelector("[data-autosave-status]") || outside;
    if (found) {
      found.setAttribute("aria-live", "polite");
      return found;
    }
    const made = document.createElement("p");
    made.setAttribute("data-autosave-status", "");
    made.setAttribute("aria-live", "polite");
    this.form.append(made);
    return made;
  }

  onChange(event) {
    if (event.target.type === "file" || event.target.closest("[data-no-autosave]")) return;
    this.isDirty = true;
    this.soon();
  }

  onRestored() {
    this.isDirty = true;
    this.soon();
  }

  // Kept until the next load shows that it arrived: the answer may be a sign-in page.
  onSubmit() {
    clearTimeout(this.timer);
    this.isDirty = false;
    this.kept.keep();
  }

  onHidden() {
    if (document.visibilityState !== "hidden" || !this.isDirty) return;
    this.kept.keep();
    clearTimeout(this.timer);
    this.save();
  }

  soon(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.isDirty && this.save(), pause);
  }

  say(words, tone = "") {
    this.status.textContent = words;
    this.status.dataset.tone = tone;
  }

  async save() {
    if (this.isSending) return this.soon();
    clearTimeout(this.timer);
    this.isSending = true;
    this.isDirty = false;
    try {
      await this.send();
    } catch {
      this.keepText("No connection. What you typed is kept on this device and sent when it is back.");
      this.soon(RETRY);
    } finally {
      this.isSending = false;
    }
  }

  async send() {
    const body = new FormData(this.form);
    for (const input of this.form.querySelectorAll('input[type="file"]')) body.delete(input.name);
    const response = await fetch(this.form.dataset.autosave, {
      method: "POST",
      body,
      keepalive: document.visibilityState === "hidden",
      headers: {
        "Accept": "application/json",
        "X-Requested-With": "fetch",
        "X-CSRFToken": csrfToken(this.form),
      },
    });
    if (response.ok) return this.onSaved(await response.json());
    return this.onRefused(response);
  }

  onSaved(answer) {
    for (const [name, value] of Object.entries(answer.fields || {})) {
      const input = this.form.elements.namedItem(name);
      if (input && "value" in input) input.value = value;
    }
    replaceFragments(answer.html || {});
    if (!this.isDirty) this.kept.forget();
    this.say(answer.saved || "Saved");
  }

  async onRefused(response) {
    if (SIGNED_OUT.has(response.status)) {
      this.keepText("You are signed out. What you typed is kept on this device; sign in to go on.");
      return;
    }
    const answer = await response.json().catch(() => ({}));
    if (REFUSED.has(response.status)) {
      this.keepText(answer.message || "This could not be saved. Reload the page to see why.");
      return;
    }
    this.keepText("Not saved: something broke on our side. We try again by ourselves.");
    this.soon(RETRY);
  }

  keepText(words) {
    this.isDirty = true;
    this.kept.keep();
    this.say(words, "harm");
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);

// Whoever signs out leaves nothing of theirs on this device.
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname === "/sign-out") forgetAll();
});
