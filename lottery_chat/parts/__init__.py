"""The concrete parts of one home: M, g_φ, D, R and C, each made when it is first asked for."""
