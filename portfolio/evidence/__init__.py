"""Work samples: files, their safe previews, what they may reveal."""
