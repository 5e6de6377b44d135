"""The page: what a person sees in the browser."""
