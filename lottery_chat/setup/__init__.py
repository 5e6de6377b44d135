"""The steps of the set-up, which bootstrap.py takes before there is a .venv: standard library only."""
