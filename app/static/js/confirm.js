// Asks before a form with data-confirm is sent. Without this module it is sent at once, so a form
// whose act cannot be undone leads to a page that asks.

function makeDialog(question, label, isHarm) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const title = document.createElement("h2");
  title.className = "dialog-title";
  title.id = "confirm-title";
  title.textContent = question;
  dialog.setAttribute("aria-labelledby", title.id);
  const answers = document.createElement("form");
  answers.method = "dialog";
  answers.className = "form-actions";
  answers.append(choice("no", "Not now", "secondary"), choice("yes", label, isHarm ? "danger" : "primary"));
  dialog.append(title, answers);
  document.body.append(dialog);
  return dialog;
}

function choice(value, label, kind) {
  const button = document.createElement("button");
  button.value = value;
  button.className = `button is-${kind}`;
  button.textContent = label;
  return button;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed === "yes") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  const label = submitter ? submitter.textContent.trim() : "Go on";
  const dialog = makeDialog(form.dataset.confirm, label, submitter?.classList.contains("is-danger"));
  dialog.addEventListener("close", () => {
    const isSure = dialog.returnValue === "yes";
    dialog.remove();
    if (!isSure) return submitter?.focus();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });
  dialog.showModal();
}, true);

// <button data-opens="ID of a dialog">, and <button data-closes> within it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});
