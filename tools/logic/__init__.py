"""Logic texts in English, read by a pattern grammar and decided by proof; no model takes part."""
