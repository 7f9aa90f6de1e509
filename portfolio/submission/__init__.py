"""The sealed, content-hashed snapshot that is handed in."""
