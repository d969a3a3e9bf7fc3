"""Every way to ask is a row: which keys a form has, what each is worth, and what is prepared of them."""
