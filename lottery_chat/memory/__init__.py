"""External memory M: what is kept between steps and sessions, in SQLite."""
