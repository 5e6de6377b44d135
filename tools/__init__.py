"""C, what can be computed, proved or fetched: functions a planner may call. Knows no chat."""
