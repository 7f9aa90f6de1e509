"""The scored form and the reviewer's workspace; what each viewer may know."""
