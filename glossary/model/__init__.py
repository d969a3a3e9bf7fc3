"""What the glossary is made of: frozen values, their columns, and the data package that holds them."""
