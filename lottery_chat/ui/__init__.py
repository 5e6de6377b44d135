"""The page: what a person sees in the browser, served on this machine only unless a password is set."""
