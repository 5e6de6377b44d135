"""The shelf: small exact functions people use every day, each with a card, limits on every size, and its source."""
