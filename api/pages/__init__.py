"""Pages for people, at the root: made on the server, whole without scripts, in English and (under /zh) in Chinese."""
