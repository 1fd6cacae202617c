"""Heads compared with what others saw, and proofs where two conflict (vi: mâu thuẫn nhật ký; kk: журнал қайшылығы)."""
