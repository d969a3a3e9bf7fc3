"""Look-up: what a question asks for, and which answer comes first."""
