"""Other programs' files, read: each module turns files of a kind into `glossary.exchange.incoming.Incoming`."""
