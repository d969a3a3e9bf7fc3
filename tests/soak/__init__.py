"""Proofs that take long. Each has a short form among the other tests; ``make soak`` runs the full ones."""
