/** Counts the words of a text while it is typed, and says how many are still wanted. */

function wordsIn(text) {
  return text.trim() === "" ? 0 : text.trim().split(/\s+/u).length;
}

function noteFor(count, least, most) {
  if (count < least) return `, ${least - count} to go`;
  if (count > most) return `, ${count - most} too many`;
  return "";
}

for (const line of document.querySelectorAll("[data-words-for]")) {
  const text = document.getElementById(line.dataset.wordsFor);
  const least = Number(line.dataset.wordsMin);
  const most = Number(line.dataset.wordsMax);

  const update = () => {
    const count = wordsIn(text.value);
    line.querySelector("[data-words-count]").textContent = String(count);
    line.querySelector("[data-words-note]").textContent = noteFor(count, least, most);
    line.classList.toggle("is-right", count >= least && count <= most);
  };

  text.addEventListener("input", update);
  update();
}
