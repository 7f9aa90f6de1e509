// Replaces parts of the page by what the server drew anew, without taking the keyboard away.

export function replaceFragments(fragments) {
  for (const [selector, html] of Object.entries(fragments)) {
    const target = document.querySelector(selector);
    if (!target || holdsTyping(target)) continue;
    const parsed = new DOMParser().parseFromString(html, "text/html").body;
    const focused = target.contains(document.activeElement) ? document.activeElement.id : "";
    target.replaceWith(...parsed.childNodes);
    if (focused) document.getElementById(focused)?.focus();
  }
}

// A field that someone is typing in is never swapped from under their hands.
function holdsTyping(target) {
  const active = document.activeElement;
  return target.contains(active) && active.matches("textarea, input, select");
}
