/** Uploads files from a form marked data-upload, one after another, each with its own progress.
 *
 * What is too large, empty or of the wrong kind is refused before a byte is sent, in the same
 * words as the server's. A lost connection keeps the file and offers to send it again. Without
 * this script the form is posted as it is.
 */

const MIB = 1024 * 1024;
const LOST = "The connection was lost. Nothing you saved is lost; try again when it is back.";
const BROKE = "Something broke on the way. Try again in a minute.";

/** One file on its way: its line in the list, and what can be done about it. */
class Upload {
  constructor(form, file) {
    this.form = form;
    this.file = file;
    this.state = "waiting";
    this.line = document.createElement("li");
    this.line.className = "upload-line";
    this.name = part(this.line, "span", "upload-name", file.name);
    this.bar = part(this.line, "progress", "upload-bar meter-bar");
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    this.count = part(this.line, "span", "upload-count tabular", "waiting");
    this.words = part(this.line, "span", "upload-words");
    this.cancel = control(this.line, "Cancel", `Cancel the upload of ${file.name}`, () => this.stop());
    this.retry = control(this.line, "Try again", `Upload ${file.name} again`, () => this.again());
    this.retry.hidden = true;
  }

  /** Send the file; settles when it is over, however it ends. */
  send() {
    this.show("sending", "0 %");
    const body = new FormData(this.form);
    body.delete("file");
    body.append("file", this.file);
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("POST", this.form.action);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => this.progress(event);
      request.upload.onload = () => this.show("sending", "checking");
      request.onload = () => this.answered(request);
      request.onerror = () => this.fail(LOST, true);
      request.onabort = () => this.show("stopped", "cancelled");
      request.onloadend = () => resolve();
      request.send(body);
    });
  }

  progress(event) {
    if (!event.lengthComputable) return;
    const percent = Math.floor((event.loaded / event.total) * 100);
    this.bar.value = percent;
    this.bar.setAttribute("aria-valuetext", `${percent} %`);
    this.count.textContent = `${percent} %`;
  }

  answered(request) {
    const answer = parsed(request.responseText);
    if (request.status === 200) {
      this.bar.value = 100;
      this.show("done", "uploaded");
      say(this.form, answer.message || `${this.file.name} is uploaded.`);
      return;
    }
    const canRetry = request.status === 0 || request.status >= 500 || [401, 403, 409, 429].includes(request.status);
    const reason = request.status === 413 ? this.form.dataset.tooLarge : answer.message || BROKE;
    this.fail(reason, canRetry);
  }

  fail(reason, canRetry) {
    this.words.textContent = reason;
    this.show("failed", "not uploaded");
    this.retry.hidden = !canRetry;
    say(this.form, reason);
  }

  stop() {
    if (this.state === "sending" && this.request) this.request.abort();
    else if (this.state === "waiting") this.show("stopped", "cancelled");
    else this.line.remove();
  }

  again() {
    this.words.textContent = "";
    this.show("waiting", "waiting");
    this.retry.hidden = true;
    queueOf(this.form).run();
  }

  show(state, words) {
    this.state = state;
    this.count.textContent = words;
    this.line.dataset.state = state;
    this.bar.hidden = ["failed", "stopped"].includes(state);
    this.cancel.hidden = state === "done";
    this.cancel.textContent = ["failed", "stopped"].includes(state) ? "Dismiss" : "Cancel";
    this.cancel.setAttribute("aria-label", `${this.cancel.textContent} ${this.file.name}`);
  }
}

/** The files of one form, sent in their order. */
class Queue {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector(".upload-list");
    this.uploads = [];
    this.isRunning = false;
  }

  add(files) {
    let room = Number(this.form.dataset.room) - this.uploads.filter(isHeld).length;
    for (const file of files) {
      const upload = new Upload(this.form, file);
      this.list.append(upload.line);
      const reason = objection(this.form, file, room);
      if (reason) {
        upload.fail(`“${file.name}” was not taken. ${reason}`, false);
      } else {
        this.uploads.push(upload);
        room -= 1;
      }
    }
    this.run();
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    let next = this.next();
    while (next) {
      await next.send();
      next = this.next();
    }
    this.isRunning = false;
    if (this.uploads.some((one) => one.state === "done")) await refresh(this);
  }

  next() {
    return this.uploads.find((one) => one.state === "waiting");
  }

  /** Whether its form may be replaced: nothing on its way, no reason left unread. */
  get isQuiet() {
    return !this.isRunning && !this.list.querySelector('[data-state="failed"]');
  }
}

const queues = new WeakMap();

function queueOf(form) {
  if (!queues.has(form)) queues.set(form, new Queue(form));
  return queues.get(form);
}

function isHeld(upload) {
  return ["waiting", "sending", "done"].includes(upload.state);
}

/** Why a file would not be taken, or nothing. */
function objection(form, file, room) {
  const ending = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  if (file.size === 0) return form.dataset.empty;
  if (file.size > Number(form.dataset.limitMb) * MIB) return form.dataset.tooLarge;
  if (!form.dataset.endings.split(" ").includes(ending)) return form.dataset.notTaken;
  if (room < 1) return "There is no room for more files here. Remove one first.";
  return "";
}

/** Renew the regions of the page that an upload changed, and leave everything typed alone. */
async function refresh(queue) {
  let page;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  for (const region of document.querySelectorAll("[data-refresh][id]")) {
    const fresh = page.getElementById(region.id);
    const form = region.querySelector("[data-upload]");
    if (!fresh || (form && !queueOf(form).isQuiet)) continue;
    const held = region.contains(document.activeElement);
    region.replaceChildren(...fresh.childNodes);
    region.querySelectorAll("[data-upload]").forEach(prepare);
    if (held) region.querySelector("input[type=file], a, button")?.focus();
  }
  const form = queue.form;
  if (!form.isConnected) return;
  const fresh = page.getElementById(form.id);
  if (fresh) form.dataset.room = fresh.dataset.room;
  queue.uploads.filter((one) => one.state === "done").forEach((one) => one.line.remove());
  queue.uploads = queue.uploads.filter((one) => one.state !== "done");
}

function prepare(form) {
  const input = form.querySelector("input[type=file]");
  form.querySelector(".upload-drop").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queueOf(form).add([...input.files]);
    input.value = "";
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    queueOf(form).add([...event.dataTransfer.files]);
  });
}

function say(form, words) {
  form.querySelector("[data-upload-said]").textContent = words;
}

function part(line, tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  line.append(made);
  return made;
}

function control(line, words, label, act) {
  const made = part(line, "button", "button is-quiet", words);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

document.querySelectorAll("[data-upload]").forEach(prepare);
