// The token that a write carries. A module of its own: whoever imports a module that a page also
// loads by its versioned address would run it a second time.

export function csrfToken(form) {
  const meta = document.querySelector('meta[name="csrf-token"]');
  const field = form && form.querySelector('input[name="csrf_token"]');
  return meta ? meta.content : field ? field.value : "";
}
