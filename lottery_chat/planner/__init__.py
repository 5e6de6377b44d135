"""Algorithm A of the paper: recursive divide and conquer around g_φ (arXiv 2502.17535, Algorithm 1)."""
