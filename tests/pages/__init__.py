"""Pages for people: without a browser, and in one."""
