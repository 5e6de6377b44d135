"""The lab: what the parts cost and what they are worth, measured."""
