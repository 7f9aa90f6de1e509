// Shows a text as it will be read, below the field it is typed in.
//
// A textarea with data-preview="URL" (or empty, for /preview) uses the form's own
// [data-preview-button], which without this module opens a page that shows the same; where a form
// has no such button, one is made.

import { csrfToken } from "./token.js";

const NAME = "text";

function buttonFor(field) {
  const found = field.form?.querySelector("[data-preview-button]");
  if (found) return found;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button is-quiet";
  made.textContent = "Preview";
  field.after(made);
  return made;
}

function paneFor(field) {
  const pane = document.createElement("div");
  pane.className = "preview-pane prose";
  pane.id = `${field.id}-preview`;
  pane.hidden = true;
  pane.setAttribute("aria-live", "polite");
  field.after(pane);
  return pane;
}

async function fetchPreview(field) {
  const body = new FormData();
  body.set(NAME, field.value);
  const response = await fetch(field.dataset.preview || "/preview", {
    method: "POST",
    body,
    headers: {
      "Accept": "application/json",
      "X-Requested-With": "fetch",
      "X-CSRFToken": csrfToken(field.form),
    },
  });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).html;
}

async function fill(pane, field) {
  try {
    pane.innerHTML = await fetchPreview(field);
    if (!pane.textContent.trim()) pane.textContent = "There is nothing to show yet.";
  } catch {
    pane.textContent = "The preview is not available just now. Your text is untouched.";
  }
}

function install(field) {
  const button = buttonFor(field);
  const pane = paneFor(field);
  const label = button.textContent;
  button.setAttribute("aria-controls", pane.id);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", (event) => {
    event.preventDefault();
    pane.hidden = !pane.hidden;
    button.setAttribute("aria-expanded", String(!pane.hidden));
    button.textContent = pane.hidden ? label : "Close the preview";
    if (!pane.hidden) fill(pane, field);
  });
}

for (const field of document.querySelectorAll("textarea[data-preview]")) install(field);
