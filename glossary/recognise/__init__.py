"""Recognition: every term of the glossary in a running text, with its place in the text as it was sent."""
